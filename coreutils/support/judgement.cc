// SPDX-License-Identifier: MIT
#include "coreutils/support/judgement.h"

#include "coreutils/support/find_program.h"
#include "coreutils/support/quote.h"

namespace cation {
namespace {

// ---- ELF, 64 bits, little-endian: System V gABI, chapters 4 and 5.
constexpr size_t kHeaderSize = 64;
constexpr size_t kProgramHeaderSize = 56;
constexpr size_t kMostProgramHeaders = 64;  // programs have about 6
constexpr uint64_t kPageSize = 4096;
constexpr uint32_t kLoad = 1;
constexpr uint32_t kDynamic = 2;
constexpr uint32_t kInterpreter = 3;
constexpr uint32_t kNote = 4;

struct Header {
  unsigned char identity[16];
  uint16_t type;
  uint16_t machine;
  uint32_t version;
  uint64_t entry;
  uint64_t program_headers;
  uint64_t section_headers;
  uint32_t flags;
  uint16_t size;
  uint16_t program_header_size;
  uint16_t program_header_count;
  uint16_t others[3];
};
static_assert(sizeof(Header) == kHeaderSize);

struct Segment {
  uint32_t type;
  uint32_t flags;
  uint64_t offset;
  uint64_t address;
  uint64_t physical_address;
  uint64_t file_size;
  uint64_t memory_size;
  uint64_t alignment;
};
static_assert(sizeof(Segment) == kProgramHeaderSize);

// As much as one call should bring: the headers and the note of a usual program, the line of a
// script.
constexpr size_t kStart = 4096;

class Looker {
 public:
  Looker(const Context& context, Judgement& judgement) : context_(context), judgement_(judgement) {}

  Result<void> Look(const char* path) {
    CATION_TRY_ASSIGN(judgement_.status, sys::StatusAt(path, sys::Follow::kYes));
    const sys::FileStatus& status = judgement_.status;
    if (status.IsDirectory()) return Add(kIsDirectory);
    if (!status.IsRegular()) return Add(kIsNoFile);
    if (!sys::MayAccess(sys::At(path), sys::Access::kExecute, &status)) Note(kMayNotBeExecuted);
    // The programs of the boot archive have that number, too, and run.
    if (status.device == 0 && !StringView(path).StartsWith("/scheme/initfs/"))
      Note(kCannotBeMapped);
    const Result<sys::Descriptor> opened = sys::Open(sys::At(path), sys::kRead);
    if (!opened.ok()) {
      if (opened.error() == abi::kEACCES || opened.error() == abi::kEPERM)
        return Add(kMayNotBeRead);
      return opened.error();
    }
    file_ = sys::File(opened.value());
    CATION_TRY_ASSIGN(const bool is_program, ReadStart());
    const StringView start = start_.view();
    if (start.empty()) return Add(kIsEmpty);
    return is_program ? LookAtProgram(start) : LookAtText(start);
  }

  Result<void> LookForProgram(sys::Descriptor file) {
    file_ = sys::File(file);
    const Result<bool> is_program = ReadStart();
    Result<void> looked = is_program.ok() ? Result<void>() : is_program.error();
    if (looked.ok() && is_program.value()) looked = LookAtProgram(start_.view());
    (void)file_.Release();
    return looked;
  }

 private:
  void Note(Hindrance hindrance) { judgement_.hindrances |= hindrance; }
  // The last one.
  Result<void> Add(Hindrance hindrance) {
    Note(hindrance);
    return {};
  }

  // Whether it is that of a program.
  Result<bool> ReadStart() {
    CATION_TRY(start_.Resize(kStart));
    CATION_TRY_ASSIGN(const size_t size, ReadAt(0, start_));
    start_.Truncate(size);
    return start_.view().StartsWith(
        "\x7f"
        "ELF");
  }

  // Fills `buffer` from `offset` as far as the file goes.
  Result<size_t> ReadAt(uint64_t offset, Span<char> buffer) {
    if (position_ != offset) CATION_TRY(sys::SeekTo(file_.get(), offset));
    position_ = offset;
    size_t count = 0;
    while (count < buffer.size()) {
      CATION_TRY_ASSIGN(const size_t read, sys::Read(file_.get(), buffer.From(count)));
      count += read;
      position_ += read;
      // Short reads are usual on a 9p share; but the end of the file is known.
      if (read == 0 || position_ >= judgement_.status.size) break;
    }
    return count;
  }
  Result<size_t> ReadAt(uint64_t offset, String& text) {
    return ReadAt(offset, Span<char>(text.data(), text.size()));
  }

  // `size` bytes of the file; of those that have been read already, if they are among them. EINVAL:
  // they are not in the file.
  Result<StringView> Bytes(uint64_t offset, uint64_t size) {
    if (offset <= start_.size() && size <= start_.size() - offset)
      return start_.view().From(offset).First(size);
    if (offset > judgement_.status.size || size > judgement_.status.size - offset)
      return Error{abi::kEINVAL};
    CATION_TRY(more_.Resize(size));
    CATION_TRY_ASSIGN(const size_t read, ReadAt(offset, more_));
    if (read != size) return Error{abi::kEINVAL};
    return more_.view();
  }

  // ---- programs
  Result<void> LookAtProgram(StringView start) {
    judgement_.kind = FileKind::kProgram;
    if (start.size() < kHeaderSize) return Add(kIsCut);
    Header header;
    __builtin_memcpy(&header, start.data(), sizeof(header));
    constexpr unsigned char k64Bit = 2;
    constexpr unsigned char kLittleEndian = 1;
    if (header.identity[4] != k64Bit || header.identity[5] != kLittleEndian) return Add(kIsNo64Bit);
    constexpr uint16_t kX8664 = 62;
    constexpr uint16_t kAarch64 = 183;
    const StringView architecture = context_.note.Get("arch");
    const uint16_t wanted = architecture == "x86_64"    ? kX8664
                            : architecture == "aarch64" ? kAarch64
                                                        : header.machine;
    if (header.machine != wanted) Note(kOtherMachine);
    constexpr uint16_t kExecutable = 2;
    constexpr uint16_t kPositionIndependent = 3;
    if (header.type != kExecutable && header.type != kPositionIndependent) return Add(kIsNoProgram);
    if (header.entry == 0) Note(kNoEntry);
    const size_t count = header.program_header_count;
    if (count == 0) return Add(kMapsNothing);
    if (header.program_header_size != kProgramHeaderSize || count > kMostProgramHeaders)
      return Add(kIsCut);
    const Result<StringView> table = Bytes(header.program_headers, count * kProgramHeaderSize);
    if (!table.ok()) return Lacks(table.error());
    Segment segments[kMostProgramHeaders];
    __builtin_memcpy(segments, table.value().data(), count * kProgramHeaderSize);
    return LookAtSegments({segments, count}, header.type == kPositionIndependent);
  }

  Result<void> Lacks(Error error) {
    if (!(error == abi::kEINVAL)) return error;
    return Add(kIsCut);
  }

  Result<void> LookAtSegments(Span<const Segment> segments, bool is_position_independent) {
    bool maps = false;
    bool wants_linker = is_position_independent;
    const Segment* linker = nullptr;
    for (const Segment& segment : segments) {
      const uint64_t end = segment.offset + segment.file_size;
      if (segment.file_size != 0 && (end < segment.offset || end > judgement_.status.size))
        Note(kIsCut);
      if (segment.type == kLoad) {
        maps = true;
        for (const Segment* other = segments.begin(); other != &segment; ++other) {
          if (other->type == kLoad && ShareAPage(*other, segment)) Note(kSharesPage);
        }
      }
      if (segment.type == kDynamic) wants_linker = true;
      if (segment.type == kInterpreter) linker = &segment;
    }
    if (!maps) Note(kMapsNothing);
    if ((judgement_.hindrances & kIsCut) != 0) return {};
    for (const Segment& segment : segments) {
      if (segment.type == kNote) CATION_TRY(LookAtNote(segment));
    }
    if (linker == nullptr) return wants_linker ? Add(kWantsRelocation) : Result<void>();
    if (linker->file_size < 2 || linker->file_size > kStart) return Add(kIsCut);
    CATION_TRY_ASSIGN(const StringView name, Bytes(linker->offset, linker->file_size));
    CATION_TRY(judgement_.interpreter.Append(name.First(Min(name.Find('\0'), name.size()))));
    if (!sys::StatusAt(judgement_.interpreter.c_str(), sys::Follow::kYes).ok())
      Note(kLinkerMissing);
    return {};
  }

  static bool ShareAPage(const Segment& one, const Segment& other) {
    if (one.memory_size == 0 || other.memory_size == 0) return false;
    const auto first = [](const Segment& segment) { return segment.address / kPageSize; };
    const auto last = [](const Segment& segment) {
      return (segment.address + (segment.memory_size - 1)) / kPageSize;
    };
    return first(one) <= last(other) && first(other) <= last(one);
  }

  // The build note says which C library a program of ours was linked with.
  Result<void> LookAtNote(const Segment& segment) {
    if (segment.file_size > kStart) return {};
    CATION_TRY_ASSIGN(const StringView bytes, Bytes(segment.offset, segment.file_size));
    constexpr StringView kOwner("Cation", sizeof("Cation"));
    constexpr size_t kNoteHeader = 12;
    if (bytes.size() < kNoteHeader || !bytes.From(kNoteHeader).StartsWith(kOwner)) return {};
    for (StringView rest = bytes.From(kNoteHeader + kOwner.size());;) {
      constexpr StringView kLibrary = "libc=";
      const size_t end = Min(rest.Find('\n'), rest.size());
      const StringView line = rest.First(end);
      if (line.StartsWith(kLibrary)) {
        if (line.From(kLibrary.size()) == context_.note.Get("libc")) return {};
        return Add(kOtherLibrary);
      }
      if (end == rest.size()) return {};
      rest = rest.From(end + 1);
    }
  }

  // ---- scripts
  Result<void> LookAtText(StringView start) {
    judgement_.kind = FileKind::kText;
    if (start.StartsWith("\xef\xbb\xbf")) {
      Note(kByteOrderMark);
      start = start.From(3);
    }
    StringView line = start.First(Min(start.Find('\n'), start.size()));
    if (!line.StartsWith("#!")) {
      if (start.Find('\0') == StringView::kNotFound) return Add(kNoInterpreterLine);
      judgement_.kind = FileKind::kNone;
      return Add(kIsBinary);
    }
    judgement_.kind = FileKind::kScript;
    if (line.EndsWith("\r")) {
      Note(kCarriageReturn);
      line = line.First(line.size() - 1);
    }
    line = Trimmed(line.From(2));
    const size_t end = Min(Min(line.Find(' '), line.Find('\t')), line.size());
    CATION_TRY(judgement_.interpreter.Append(line.First(end)));
    CATION_TRY(judgement_.argument.Append(Trimmed(line.From(end))));
    if (end == 0) return Add(kNamesNoInterpreter);
    const char* const interpreter = judgement_.interpreter.c_str();
    const Result<sys::FileStatus> found = sys::StatusAt(interpreter, sys::Follow::kYes);
    if (!found.ok()) return Add(kInterpreterMissing);
    if (!found.value().IsRegular() ||
        !sys::MayAccess(sys::At(interpreter), sys::Access::kExecute, &found.value()))
      return Add(kInterpreterRefused);
    return LookForEnvs();
  }

  static StringView Trimmed(StringView text) {
    const auto blank = [](char byte) { return byte == ' ' || byte == '\t'; };
    while (!text.empty() && blank(text[0])) text = text.From(1);
    while (!text.empty() && blank(text[text.size() - 1])) text = text.First(text.size() - 1);
    return text;
  }

  // "#!/usr/bin/env NAME": whether there is NAME.
  Result<void> LookForEnvs() {
    const StringView name = judgement_.argument.view();
    if (!(LastComponent(judgement_.interpreter.view()) == "env") || name.empty() ||
        name[0] == '-' || name.Find('=') != StringView::kNotFound)
      return {};
    const auto look = [](const char* file) -> Result<void> {
      CATION_TRY_ASSIGN(const sys::FileStatus status, sys::StatusAt(file, sys::Follow::kYes));
      if (!status.IsRegular()) return Error{abi::kEACCES};
      return {};
    };
    const Result<void> searched = ForEachProgram(name, Environment(context_, "PATH"), look);
    if (!searched.ok() && searched.error() == abi::kENOMEM) return searched;
    return searched.ok() ? searched : Add(kNotInPath);
  }

  const Context& context_;
  Judgement& judgement_;
  sys::File file_;
  String start_;
  String more_;
  uint64_t position_ = 0;
};

// In the order of the bits. What stands before a | comes before the detail.
constexpr const char kAdvice[] =
    "is a directory; name the program in it\0"
    "is no regular file; nothing can be done\0"
    "may not be read; chmod +r, or ask its owner\0"
    "may not be executed; chmod +x, or run it with: run FILE\0"
    "is on a share that cannot be mapped into memory; copy it to /tmp, or: run FILE\0"
    "is empty; copy or build it again\0"
    "begins with a byte order mark; save it as UTF-8 without one, or: run FILE\0"
    "is no program and has no #! line; write one, #!/usr/bin/env ion say, or: run FILE\0"
    "is neither a program nor a script; look whether it was copied whole, or is an archive\0"
    "has a carriage return at the end of its #! line; save it with Unix line ends, or: run FILE\0"
    "has a #! line that names nothing; write the interpreter's path behind the #!\0"
    "wants the interpreter |, which is not there; install it, or change the #! line\0"
    "wants the interpreter |, which may not be executed; change the #! line\0"
    "wants |, which is nowhere in PATH; install it, or change the #! line\0"
    "is cut or damaged; copy or build it again\0"
    "is no 64-bit program; build it for this machine\0"
    "is for another machine; build it for this one\0"
    "is an object file or the like; link it into a program\0"
    "waits for a run-time linker and names none; link it with -static -no-pie\0"
    "wants the run-time linker |, which is not there; link it with -static -no-pie\0"
    "has no entry point; link it with crt0 and ENTRY(_start)\0"
    "has nothing to be loaded; link it with a linker script\0"
    "has segments that share a page; link it with -z norelro --no-rosegment\0"
    "was linked with the C library of another system; take the program that is built for this one";

}  // namespace

Result<void> Judge(const Context& context, const char* path, Judgement& judgement) {
  return Looker(context, judgement).Look(path);
}

Result<void> JudgeProgram(const Context& context, sys::Descriptor file, Judgement& judgement) {
  return Looker(context, judgement).LookForProgram(file);
}

Result<void> AppendAdvice(String& text, StringView lead, StringView file,
                          const Judgement& judgement, uint32_t hindrances) {
  const char* next = kAdvice;
  for (uint32_t bit = 1; bit <= kOtherLibrary; bit <<= 1) {
    const StringView advice(next);
    next += advice.size() + 1;
    if ((hindrances & bit) == 0) continue;
    CATION_TRY(text.Append(lead));
    CATION_TRY(AppendQuoted(text, file));
    CATION_TRY(text.Append(": "));
    const size_t place = Min(advice.Find('|'), advice.size());
    CATION_TRY(text.Append(advice.First(place)));
    if (place != advice.size()) {
      const String& detail = bit == kNotInPath ? judgement.argument : judgement.interpreter;
      CATION_TRY(AppendQuoted(text, detail.view()));
      CATION_TRY(text.Append(advice.From(place + 1)));
    }
    CATION_TRY(text.Append('\n'));
  }
  return {};
}

Result<void> ReportAdvice(const Context& context, StringView file, const Judgement& judgement,
                          uint32_t hindrances) {
  String text;
  String lead;
  CATION_TRY(lead.Append(context.program));
  CATION_TRY(lead.Append(": "));
  CATION_TRY(AppendAdvice(text, lead.view(), file, judgement, hindrances));
  if (!text.empty()) (void)sys::WriteAll(context.errors, text.view());
  return {};
}

}  // namespace cation
