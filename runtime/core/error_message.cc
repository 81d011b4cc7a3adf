// SPDX-License-Identifier: MIT
#include "runtime/core/error_message.h"

#include "runtime/core/packed_text.h"

namespace cation {
namespace {

// One string instead of an array of pointers: each entry is its number as one byte, the text, and a
// zero byte.
constexpr packing::Literal kMessages(
    "\001Operation not permitted\0"
    "\002No such file or directory\0"
    "\003No such process\0"
    "\004Interrupted system call\0"
    "\005Input/output error\0"
    "\006No such device or address\0"
    "\007Argument list too long\0"
    "\010Exec format error\0"
    "\011Bad file descriptor\0"
    "\013Resource temporarily unavailable\0"
    "\014Cannot allocate memory\0"
    "\015Permission denied\0"
    "\020Device or resource busy\0"
    "\021File exists\0"
    "\022Invalid cross-device link\0"
    "\023No such device\0"
    "\024Not a directory\0"
    "\025Is a directory\0"
    "\026Invalid argument\0"
    "\027Too many open files in system\0"
    "\030Too many open files\0"
    "\031Inappropriate ioctl for device\0"
    "\032Text file busy\0"
    "\033File too large\0"
    "\034No space left on device\0"
    "\035Illegal seek\0"
    "\036Read-only file system\0"
    "\037Too many links\0"
    "\040Broken pipe\0"
    "\044File name too long\0"
    "\045No locks available\0"
    "\046Function not implemented\0"
    "\047Directory not empty\0"
    "\050Too many levels of symbolic links\0"
    "\113Value too large for defined data type\0"
    "\137Operation not supported\0"
    "\156Connection timed out\0"
    "\164Stale file handle\0"
    "\172Disk quota exceeded\0");

}  // namespace

bool AddErrorMessage(String& text, Error error) {
  const char* entry = packing::Packer<kMessages, true>::Get();
  for (; *entry != '\0'; entry += __builtin_strlen(entry) + 1) {
    if (error.number != *entry) continue;
    (void)AppendUnpacked(text, entry + 1);
    return true;
  }
  return false;
}

}  // namespace cation
