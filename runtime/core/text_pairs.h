// SPDX-License-Identifier: MIT
//
// Made by tools/text_pairs.py: what the bytes from 0x80 on stand for, see packed_text.h.
#ifndef CATION_RUNTIME_CORE_TEXT_PAIRS_H_
#define CATION_RUNTIME_CORE_TEXT_PAIRS_H_

#include <stddef.h>

namespace cation {

// clang-format off
inline constexpr char kTextPairs[] =
    "  e \200\200t orn s o "
    "--ilreioind eral"
    "th, t\213andete\222\205me"
    "y op\202\200ar\211\201icleo\207"
    "\204 no\012\200sy\202\202oui\212\242-"
    "ctch\233grolo\227nv\235\231\226"
    "N\207\241\203esa f\234l\214exsu"
    "\251 \224\256u\255In\221\210\250\204\246\275is"
    "ela\203\225m\206am\223it\267\270' "
    "\304\230at\252\272\260\306\257'\314\210\237\310t\237"
    "T\316\265kf d\276\220\201e\205\232\210\012\326"
    "f\240onquuno\322pr\243s\336\302";
// clang-format on

inline constexpr size_t kTextPairCount = (sizeof(kTextPairs) - 1) / 2;

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_TEXT_PAIRS_H_
