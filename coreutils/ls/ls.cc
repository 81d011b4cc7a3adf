// SPDX-License-Identifier: MIT
//
// ls: lists files, and what is in directories. POSIX.1-2024, with GNU's options in daily use.
//
// Costs as few calls as the format allows: a plain listing opens a directory and reads it, with no
// call for any entry. Entries are looked up relative to the open directory, once, and only where
// the format, the order or the type asks for it.
//
// Memory: what is listed together is kept, in about 50 bytes and the name each; with -l about 110.
// With -U or -f and one name per line nothing is kept; -l and -s need to know all sizes before the
// first line, and so keep their entries also then.
//
// Differs from GNU:
// - Messages are `ls: operand: reason`.
// - Names are taken to be UTF-8 in every locale, and sorted by their bytes.
// - COLUMNS overrides the width of the terminal, as POSIX has it.
// - The time of birth is in no status that Redox gives: it is shown as ?, and sorts nothing.
// - There are no security contexts, and access lists and capabilities are not looked at: -Z shows
// ?.
// - Another way to mark types takes -F back, and so does --classify=never.
// - -i of a directory's entry that is a mount point shows the number beneath it: no call is made
//   for what the listing says already.
// - No --dired.
#include "coreutils/ls/columns.h"
#include "coreutils/ls/gather.h"
#include "coreutils/ls/long_format.h"
#include "coreutils/support/diagnostics.h"

namespace cation {
namespace ls {
namespace {

constexpr bool IsDirectory(sys::Mode mode) {
  return (mode & sys::kTypeMask) == sys::kTypeDirectory;
}

class Lister {
 public:
  Lister(const Context& context, const Options& options)
      : context_(context),
        options_(options),
        out_(context),
        trouble_(context, out_),
        gatherer_(options, trouble_),
        listing_(options),
        writer_(options, listing_, links_, out_),
        long_format_(context, options, listing_, out_),
        streams_(options.sort == Sort::kNone && options.format == Format::kOnePerLine &&
                 !options.blocks && !options.recursive) {}

  int Run(Span<char*> operands) {
    Result<void> listed;
    if (options_.hyperlink == When::kAlways) listed = links_.SwitchOn();
    if (listed.ok()) listed = ListOperands(operands);
    if (!listed.ok()) {
      out_.Flush();
      Report(context_, listed.error());
      trouble_.Note(Trouble::kSerious);
    }
    while (!pending_.empty() && out_.ok()) {
      Pending next = Move(pending_.back());
      pending_.PopBack();
      const Result<void> done = ListDirectory(next);
      if (!done.ok()) trouble_.Report(next.path.view(), done.error(), DegreeOf(next));
    }
    writer_.names.Finish();
    return out_.Finish(trouble_.worst(), Trouble::kSerious);
  }

 private:
  // A directory that is still to be listed.
  struct Pending {
    String path;
    sys::File directory;  // open already, or not
    size_t depth = 0;     // below the operand
  };

  // What fails below an operand is not as bad as an operand that fails.
  static Trouble::Degree DegreeOf(const Pending& pending) {
    return pending.depth == 0 ? Trouble::kSerious : Trouble::kMinor;
  }

  // Lists the files among them; the directories are pending then. Errors: ENOMEM.
  Result<void> ListOperands(Span<char*> operands) {
    Listing directories(options_);
    sys::File directory;  // a single operand's
    for (char* const operand : operands) {
      sys::File* const place = operands.size() == 1 ? &directory : nullptr;
      const Result<void> added = gatherer_.AddOperand(operand, listing_, directories, place);
      if (!added.ok()) trouble_.Report(operand, added.error(), Trouble::kSerious);
    }
    shows_headers_ = options_.recursive || operands.size() > 1;
    writer_.names.SetPadding(QuotesAny(listing_) || QuotesAny(directories));
    CATION_TRY(SortListing(listing_));
    CATION_TRY(SortListing(directories));
    if (listing_.size() != 0) {
      CATION_TRY(WriteListing(&directories));
      if (directories.size() != 0) out_.Write('\n');
    }
    // What is pending is taken from the end.
    for (size_t i = directories.size(); i-- > 0;) {
      CATION_TRY(Defer(String(), directories.NameOf(directories[i]), 0));
      // A single operand's is the only one that is open.
      if (operands.size() == 1) pending_.back().directory = sys::File(directory.Release());
    }
    return {};
  }

  Result<void> Defer(String folder, StringView name, size_t depth) {
    Pending pending;
    pending.path = Move(folder);
    pending.depth = depth;
    CATION_TRY(AppendPathComponent(pending.path, name));
    return pending_.PushBack(Move(pending));
  }

  // Errors: what keeps the directory from being listed at all, or in full; then all that can be
  // listed has been.
  Result<void> ListDirectory(Pending& pending) {
    if (!pending.directory.open()) {
      // Nobody shall lead the way down astray by putting a link in a directory's place.
      const bool follows = pending.depth == 0 || options_.links == Links::kAlways;
      const sys::OpenFlags flags = sys::kRead | sys::kDirectory;
      CATION_TRY_ASSIGN(
          const sys::Descriptor opened,
          sys::Open(sys::At(pending.path.c_str()), follows ? flags : flags | sys::kNoFollow));
      pending.directory = sys::File(opened);
    }
    const sys::Descriptor directory = pending.directory.get();
    if (options_.recursive && options_.links == Links::kAlways) {
      if (const Result<void> checked = CheckLoop(directory, pending.depth); !checked.ok()) {
        if (!(checked.error() == abi::kELOOP)) return checked;
        trouble_.Report(pending.path.view(), "not listing already-listed directory",
                        Trouble::kSerious);
        return {};
      }
    }
    if (shows_headers_) CATION_TRY(WriteHeader(pending.path.view()));
    CATION_TRY(links_.Enter(pending.path.view()));

    listing_.Clear();
    Result<void> result = ReadEntries(directory, pending.path.view());
    if (streams_) return result;
    writer_.names.SetPadding(QuotesAny(listing_));
    if (const Result<void> sorted = SortListing(listing_); !sorted.ok()) result = sorted;
    if (options_.is_long() || options_.blocks) WriteTotal();
    if (const Result<void> written = WriteListing(nullptr); !written.ok()) result = written;
    if (options_.recursive) CATION_TRY(DeferSubdirectories(pending));
    return result;
  }

  // With -L, a link may lead up again. Errors: ELOOP.
  Result<void> CheckLoop(sys::Descriptor directory, size_t depth) {
    CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(directory));
    while (above_.size() > depth) above_.PopBack();
    // Where inodes have no numbers, the length of paths ends the descent.
    for (const sys::Identity& above : above_) {
      if (above == status.identity() && above.inode != 0) return Error{abi::kELOOP};
    }
    return above_.PushBack(status.identity());
  }

  Result<void> WriteHeader(StringView path) {
    if (has_header_) out_.Write('\n');
    has_header_ = true;
    CATION_TRY(links_.Enter(""));
    CATION_TRY_ASSIGN(const StringView url, links_.Of(path));
    CATION_TRY(writer_.names.WriteHeader(path, url));
    out_.Write(":\n");
    return {};
  }

  Result<void> ReadEntries(sys::Descriptor directory, StringView path) {
    CATION_TRY(gatherer_.Enter(directory, path));
    if (options_.show == Show::kAll) {
      CATION_TRY(AddEntry({.name = ".", .type = sys::FileType::kDirectory}));
      CATION_TRY(AddEntry({.name = "..", .type = sys::FileType::kDirectory}));
    }
    sys::DirectoryReader reader(directory);
    while (out_.ok()) {
      CATION_TRY_ASSIGN(const sys::DirectoryEntry* const entry, reader.Next());
      if (entry == nullptr) break;
      CATION_TRY(AddEntry(*entry));
    }
    return {};
  }

  Result<void> AddEntry(const sys::DirectoryEntry& entry) {
    CATION_TRY(gatherer_.AddEntry(entry, listing_));
    if (!streams_ || listing_.size() == 0) return {};
    const Result<void> written = writer_.Write(listing_[0], 0);
    out_.Write(options_.line_end);
    listing_.Clear();
    return written;
  }

  // Errors: ENOMEM, and they stay as they were added.
  Result<void> SortListing(Listing& listing) {
    for (size_t i = 0; options_.sort == Sort::kWidth && i < listing.size(); ++i) {
      CATION_TRY_ASSIGN(const size_t width, writer_.names.Width(listing.NameOf(listing[i])));
      listing[i].width = static_cast<uint32_t>(width);
    }
    return listing.Sort();
  }

  // Whether quotes of one move the names of the others.
  [[nodiscard]] bool QuotesAny(const Listing& listing) const {
    for (size_t i = 0; options_.aligns_quotes && i < listing.size(); ++i) {
      if (NeedsQuoting(listing.NameOf(listing[i]), options_.quoting, options_.special)) return true;
    }
    return false;
  }

  void WriteTotal() {
    uint64_t blocks = 0;
    for (size_t i = 0; i < listing_.size(); ++i) blocks += listing_.DetailsOf(listing_[i]).blocks;
    constexpr uint64_t kBlock = 512;
    out_.Write("total ");
    out_.Write(SizeText(blocks, kBlock, options_.block_unit));
    out_.Write(options_.line_end);
  }

  // With `others`, columns are as wide as these need them too.
  Result<void> WriteListing(const Listing* others) {
    if (listing_.size() == 0) return {};
    writer_.Measure(others);
    if (options_.is_long()) long_format_.Measure(others);
    const bool has_lines = options_.is_long() || options_.format == Format::kOnePerLine;
    if (!has_lines) return WriteTable(options_, listing_, writer_, out_);
    for (size_t i = 0; i < listing_.size(); ++i) {
      CATION_TRY(options_.is_long() ? long_format_.WriteLine(listing_[i], writer_)
                                    : writer_.Write(listing_[i], 0));
      out_.Write(options_.line_end);
    }
    return {};
  }

  Result<void> DeferSubdirectories(const Pending& parent) {
    StringView path = parent.path.view();
    while (path.EndsWith("//")) path = path.First(path.size() - 1);
    for (size_t i = listing_.size(); i-- > 0;) {
      const StringView name = listing_.NameOf(listing_[i]);
      if (!IsDirectory(listing_[i].mode) || name == "." || name == "..") continue;
      CATION_TRY_ASSIGN(String folder, String::From(path));
      CATION_TRY(Defer(Move(folder), name, parent.depth + 1));
    }
    return {};
  }

  const Context& context_;
  const Options& options_;
  Output out_;
  Trouble trouble_;
  Gatherer gatherer_;
  Listing listing_;
  Hyperlinks links_;
  EntryWriter writer_;
  LongFormat long_format_;
  Vector<Pending> pending_;
  Vector<sys::Identity> above_;  // the directories on the way down
  const bool streams_;           // each entry is written as it is read
  bool shows_headers_ = false;
  bool has_header_ = false;
};

}  // namespace
}  // namespace ls

int Main(Context& context) {
  ls::Options options;
  int status = 0;
  if (!ParseOptions(context, ls::kCommand, &options, &status)) return status;
  if (!ls::Resolve(context, options)) return ls::kCommand.usage_status;
  char here[] = ".";
  char* operands[] = {here};
  if (context.arguments.empty()) context.arguments = operands;
  ls::Lister lister(context, options);
  return lister.Run(context.arguments);
}

}  // namespace cation
