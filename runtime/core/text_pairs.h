// SPDX-License-Identifier: MIT
//
// Made by tools/text_pairs.py: what the bytes from 0x80 on stand for, see packed_text.h.
#ifndef CATION_RUNTIME_CORE_TEXT_PAIRS_H_
#define CATION_RUNTIME_CORE_TEXT_PAIRS_H_

#include <stddef.h>

namespace cation {

// clang-format off
inline constexpr char kTextPairs[] =
    "  e \200\200t orons o "
    "in--ilreaneni\205d "
    "eralth, t\216 dte\224 "
    "y arop\202\200\212\201ico\207le"
    "es\231gm\215f\204\012\200syno\202\202"
    "oui\213\244-evctchro\253\235"
    "u\242\232\227N\207\246\203f\234l\210exsu"
    "i\206\241\260In\223\211\254\204\251\274isel"
    "amofa\203\226mm\214it\221l\267\255"
    "\304\230\225\257at \271\262\307\261'\315\211\236\310"
    "\236lt\320T\317\265k\222\201\215 \233\211\012\326"
    "edqu: un\301 a pr\245s";
// clang-format on

inline constexpr size_t kTextPairCount = (sizeof(kTextPairs) - 1) / 2;

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_TEXT_PAIRS_H_
