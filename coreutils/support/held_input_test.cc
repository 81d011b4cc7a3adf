// SPDX-License-Identifier: MIT
//
// Against the plainest loops, with input in pieces of all sizes.
#include "coreutils/support/held_input.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace cation {
namespace {

std::string RandomText(std::size_t size, unsigned one_in, bool ends) {
  std::mt19937 random(static_cast<unsigned>(size) + one_in);
  std::string text(size, 'x');
  for (char& c : text) c = random() % one_in == 0 ? '\n' : static_cast<char>('a' + random() % 26);
  if (size != 0) text.back() = ends ? '\n' : 'z';
  return text;
}

// Where the last `amount` of `text` begin.
std::size_t BeginOfLast(const std::string& text, const Amount& amount) {
  if (amount.bytes) return text.size() - std::min<uint64_t>(text.size(), amount.count);
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < text.size();) {
    begins.push_back(at);
    const std::size_t end = text.find(amount.end, at);
    at = end == std::string::npos ? text.size() : end + 1;
  }
  if (amount.count == 0) return text.size();
  return amount.count >= begins.size() ? 0 : begins[begins.size() - amount.count];
}

template <typename Check>
void ForManyTexts(Check check) {
  for (const std::size_t size : {0U, 1U, 2U, 100U, 16384U, 65536U, 65537U, 300000U, 1000003U}) {
    for (const unsigned one_in : {2U, 40U, 70000U}) {
      for (const bool ends : {true, false}) {
        const std::string text = RandomText(size, one_in, ends);
        const auto lines = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
        for (const bool bytes : {false, true}) {
          const uint64_t all = bytes ? text.size() : lines;
          for (const uint64_t count : {uint64_t{1}, uint64_t{2}, uint64_t{10}, all / 2, all - 1,
                                       all, all + 1, uint64_t{0}, UINT64_MAX})
            check(text, Amount{count, bytes});
        }
      }
    }
  }
}

TEST(HeldInputTest, FindsTheLastOfAPipe) {
  std::size_t piece = 1;
  ForManyTexts([&](const std::string& text, const Amount& amount) {
    piece = piece % 200003 + 4099;
    HeldInput held(amount);
    std::string gone;
    const auto drop = [&] {
      gone.append(held.Front().data(), held.Front().size());
      held.DropFront();
    };
    for (std::size_t done = 0; done < text.size();) {
      Result<Span<char>> room = held.Room();
      ASSERT_TRUE(room.ok());
      const std::size_t count = std::min({piece, room.value().size(), text.size() - done});
      std::memcpy(room.value().data(), text.data() + done, count);
      held.Added(count);
      done += count;
      while (held.FrontIsFree()) drop();
    }
    ASSERT_TRUE(held.Room().ok()) << "for what does not come any more";
    const std::size_t begin = BeginOfLast(text, amount);
    ASSERT_EQ(gone.size() + held.BytesBefore(), begin)
        << amount.count << (amount.bytes ? " bytes of " : " lines of ") << text.size();
    while (!held.Front().empty()) drop();
    EXPECT_TRUE(gone == text);
  });
}

TEST(HeldInputTest, HoldsNoMoreThanItHasTo) {
  HeldInput held({.count = 1000, .bytes = true});
  std::size_t held_bytes = 0;
  for (int i = 0; i < 10000; ++i) {
    Result<Span<char>> room = held.Room();
    ASSERT_TRUE(room.ok());
    const std::size_t count = std::min<std::size_t>(4096, room.value().size());
    held.Added(count);
    held_bytes += count;
    while (held.FrontIsFree()) {
      held_bytes -= held.Front().size();
      held.DropFront();
    }
    ASSERT_LE(held_bytes, 2 * sys::kBestCallSize);
  }
}

TEST(HeldInputTest, FindsTheLastOfAFile) {
  std::vector<char> buffer(sys::kBestCallSize);
  ForManyTexts([&](const std::string& text, const Amount& amount) {
    const int file = ::memfd_create("text", MFD_CLOEXEC);
    ASSERT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    StringView tail(nullptr, 0);
    const Result<uint64_t> begin =
        FindLast(file, 0, text.size(), amount, {buffer.data(), buffer.size()}, tail);
    ::close(file);
    ASSERT_TRUE(begin.ok());
    const std::size_t expected = BeginOfLast(text, amount);
    ASSERT_EQ(begin.value(), expected) << amount.count << " of " << text.size();
    if (tail.data() != nullptr) {
      EXPECT_TRUE(text.substr(expected) == std::string(tail.data(), tail.size()));
    }
  });
}

TEST(HeldInputTest, LooksAtNothingBeforeTheBegin) {
  const int file = ::memfd_create("text", MFD_CLOEXEC);
  ASSERT_EQ(::write(file, "a\nb\nc\n", 6), 6);
  std::vector<char> buffer(65536);
  const Span<char> span(buffer.data(), buffer.size());
  StringView tail;
  EXPECT_EQ(FindLast(file, 3, 6, {.count = 5}, span, tail).value(), 3U);
  EXPECT_EQ(FindLast(file, 3, 6, {.count = 1}, span, tail).value(), 4U);
  EXPECT_EQ(FindLast(file, 3, 6, {.count = 9, .bytes = true}, span, tail).value(), 3U);
  EXPECT_EQ(FindLast(file, 8, 6, {.count = 1}, span, tail).value(), 8U) << "nothing is there";
  ::close(file);
}

}  // namespace
}  // namespace cation
