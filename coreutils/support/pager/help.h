// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_PAGER_HELP_H_
#define CATION_COREUTILS_SUPPORT_PAGER_HELP_H_

#include "runtime/core/string_view.h"

namespace cation::pager {

// What the key h shows. N is a number typed before.
inline constexpr StringView kHelp =
    "q Q :q ZZ          end\n"
    "h                  this text\n"
    "\n"
    "space f ^F PgDn    a screen on, or N rows\n"
    "b ^B PgUp          a screen back, or N rows\n"
    "Enter j e Down     a row on, or N\n"
    "k y Up             a row back, or N\n"
    "d ^D, u ^U         half a screen on, or back; N rows from then on\n"
    "g <, G >           the start, the end; line N\n"
    "p %                at N percent\n"
    "Right, Left        aside by half a screen, or N columns\n"
    "F                  the end, and what comes to it, until ^C or a key\n"
    "r ^L, R            draw again; after a look at the file\n"
    "\n"
    "/PATTERN           the next line (N-th) that matches; !PATTERN: that does not;\n"
    "                   ^R first: as a plain text\n"
    "?PATTERN           the same, backward\n"
    "n, N               again, and the other way\n"
    "ESC u              highlight matches, or not\n"
    "\n"
    "m LETTER           remember the place;  ' LETTER  go there;  ''  where it was before\n"
    ":n, :p, :x         the next file (N-th), the previous, the first\n"
    "= :f               where it is\n"
    "-OPTION            change one of e E G i I m M N q r R s S\n";
inline constexpr StringView kHelpOfMore =
    "q :q ZZ     end\n"
    "space f ^F  a screen on, or N rows\n"
    "b ^B        a screen back, or N rows\n"
    "Enter j     a row on, or N\n"
    "k           a row back, or N\n"
    "s           N rows on\n"
    "d ^D, u ^U  half a screen on, back; N rows from then on\n"
    "g, G        the start, the end; line N\n"
    "r ^L, R     draw again; after a look at the file\n"
    "/RE, ?RE    the next, previous line that matches; !RE: does not\n"
    "n, N        again, the other way\n"
    "m LETTER    remember the place; ' LETTER: go there; '': back\n"
    ":n, :p, :x  the next, previous, first file\n"
    "= :f        where it is\n";

}  // namespace cation::pager

#endif  // CATION_COREUTILS_SUPPORT_PAGER_HELP_H_
