// SPDX-License-Identifier: MIT
//
// Result<T>: a value, or the error number that explains why there is none.
//
//   Result<size_t> Count(sys::Descriptor file) {
//     CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(file));
//     return static_cast<size_t>(status.size);
//   }
#ifndef CATION_RUNTIME_CORE_RESULT_H_
#define CATION_RUNTIME_CORE_RESULT_H_

#include "runtime/abi/errno.h"
#include "runtime/core/utility.h"

namespace cation {

// An error number of runtime/abi/errno.h; never 0.
struct Error {
  int number;

  friend constexpr bool operator==(Error a, Error b) { return a.number == b.number; }
  friend constexpr bool operator==(Error a, abi::Errno b) { return a.number == b; }
};

// The number of `error`. Tests stop where it is 0.
constexpr int KnownError(Error error) {
#ifndef NDEBUG
  if (error.number == 0) __builtin_trap();
#endif
  return error.number;
}

template <typename T>
class Result;
template <>
class Result<void>;

// T must be default constructible and movable.
template <typename T>
class [[nodiscard]] Result {
 public:
  constexpr Result(T value) : value_(Move(value)) {}  // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Result(Error error) : error_(KnownError(error)) {}
  // The error of `status`, or else a value that is filled in where it is: for large ones.
  constexpr explicit Result(const Result<void>& status);

  [[nodiscard]] constexpr bool ok() const { return error_ == 0; }
  // Only when !ok().
  [[nodiscard]] constexpr Error error() const { return Error{error_}; }
  // Only when ok().
  [[nodiscard]] constexpr T& value() & { return value_; }
  [[nodiscard]] constexpr const T& value() const& { return value_; }
  [[nodiscard]] constexpr T&& value() && { return Move(value_); }

 private:
  T value_{};
  int error_ = 0;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  constexpr Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Result(Error error) : error_(KnownError(error)) {}

  [[nodiscard]] constexpr bool ok() const { return error_ == 0; }
  [[nodiscard]] constexpr Error error() const { return Error{error_}; }

 private:
  template <typename T>
  friend class Result;

  int error_ = 0;
};

template <typename T>
constexpr Result<T>::Result(const Result<void>& status) : error_(status.error_) {}

}  // namespace cation

#define CATION_CONCATENATE_INNER(a, b) a##b
#define CATION_CONCATENATE(a, b) CATION_CONCATENATE_INNER(a, b)

// Returns the error of `expression` from the enclosing function, if it has one.
#define CATION_TRY(expression)                                     \
  do {                                                             \
    const auto cation_try_result = (expression);                   \
    if (!cation_try_result.ok()) return cation_try_result.error(); \
  } while (false)

// The same, and binds the value to `declaration`.
#define CATION_TRY_ASSIGN(declaration, expression) \
  CATION_TRY_ASSIGN_NAMED(CATION_CONCATENATE(cation_result_, __LINE__), declaration, expression)
#define CATION_TRY_ASSIGN_NAMED(result, declaration, expression) \
  auto result = (expression);                                    \
  if (!result.ok()) return result.error();                       \
  declaration = ::cation::Move(result).value()

#endif  // CATION_RUNTIME_CORE_RESULT_H_
