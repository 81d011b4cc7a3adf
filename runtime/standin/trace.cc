// SPDX-License-Identifier: MIT
#include "runtime/standin/trace.h"

#include "runtime/standin/linux.h"

namespace cation::standin {
namespace {

using linux_kernel::Call;

constexpr size_t kKinds = 64;

struct Counter {
  const char* name;
  unsigned long count;
};

char** g_environment = nullptr;
Counter g_counters[kKinds];
const char* g_calls_file = nullptr;
long g_trace_file = -1;

bool Same(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

void Count(const char* name) {
  for (Counter& counter : g_counters) {
    if (counter.name == nullptr) counter.name = name;
    if (Same(counter.name, name)) {
      ++counter.count;
      return;
    }
  }
}

}  // namespace

void Line::Add(const char* text, size_t length) {
  for (size_t i = 0; i < length && size_ < sizeof(text_); ++i) text_[size_++] = text[i];
}

void Line::AddNumber(long value) {
  char digits[24];
  size_t at = sizeof(digits);
  unsigned long rest =
      value < 0 ? -static_cast<unsigned long>(value) : static_cast<unsigned long>(value);
  do {
    digits[--at] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0) digits[--at] = '-';
  Add(digits + at, sizeof(digits) - at);
}

void Line::WriteTo(long file) {
  Add("\n");
  Call(linux_kernel::kWrite, file, reinterpret_cast<long>(text_), static_cast<long>(size_));
}

long OpenForAppend(const char* path) {
  return Call(linux_kernel::kOpenat, linux_kernel::kAT_FDCWD, reinterpret_cast<long>(path),
              linux_kernel::kO_WRONLY | linux_kernel::kO_CREAT | linux_kernel::kO_APPEND |
                  linux_kernel::kO_CLOEXEC,
              0666);
}

const char* Variable(const char* name) {
  const size_t length = __builtin_strlen(name);
  for (char** entry = g_environment; entry != nullptr && *entry != nullptr; ++entry) {
    if (__builtin_strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
      return *entry + length + 1;
  }
  return nullptr;
}

void StartTrace(char** environment) {
  g_environment = environment;
  g_calls_file = Variable("CATION_CALLS");
  if (const char* const file = Variable("CATION_TRACE"); file != nullptr)
    g_trace_file = OpenForAppend(file);
}

void FinishTrace() {
  if (g_calls_file == nullptr) return;
  const long file = OpenForAppend(g_calls_file);
  unsigned long total = 0;
  const auto write = [file](const char* name, unsigned long count) {
    Line line;
    line.Add(name);
    line.Add("\t");
    line.AddNumber(static_cast<long>(count));
    line.WriteTo(file);
  };
  for (const Counter& counter : g_counters) {
    if (counter.name == nullptr) break;
    total += counter.count;
    write(counter.name, counter.count);
  }
  write("total", total);
  ResetTrace();
}

void ResetTrace() {
  for (Counter& counter : g_counters) counter = {};
}

size_t Traced(const char* name, const char* operand, size_t length, long descriptor,
              size_t result) {
  if (g_calls_file != nullptr) Count(name);
  if (g_trace_file >= 0) {
    Line line;
    line.Add(name);
    line.Add(" ");
    if (descriptor >= 0) line.AddNumber(descriptor);
    if (operand != nullptr) {
      if (descriptor >= 0) line.Add(" ");
      line.Add(operand, length);
    }
    line.Add(" = ");
    line.AddNumber(static_cast<long>(result));
    line.WriteTo(g_trace_file);
  }
  return result;
}

}  // namespace cation::standin
