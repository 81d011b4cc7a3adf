// SPDX-License-Identifier: MIT
// macOS has this header; what the backend takes from it is in backend.h.
