// SPDX-License-Identifier: MIT
//
// <errno.h> of relibc. The values are those of Linux on every architecture, so they are also the
// canonical error numbers of the whole suite; a host backend whose numbers differ (macOS)
// translates.
#ifndef CATION_RUNTIME_ABI_ERRNO_H_
#define CATION_RUNTIME_ABI_ERRNO_H_

namespace cation::abi {

// Only the errors that the suite names. Others travel through as plain numbers.
enum Errno : int {
  kEPERM = 1,
  kENOENT = 2,
  kESRCH = 3,
  kEINTR = 4,
  kEIO = 5,
  kENXIO = 6,
  kE2BIG = 7,
  kENOEXEC = 8,
  kEBADF = 9,
  kECHILD = 10,
  kEAGAIN = 11,
  kENOMEM = 12,
  kEACCES = 13,
  kEFAULT = 14,
  kENOTBLK = 15,
  kEBUSY = 16,
  kEEXIST = 17,
  kEXDEV = 18,
  kENODEV = 19,
  kENOTDIR = 20,
  kEISDIR = 21,
  kEINVAL = 22,
  kENFILE = 23,
  kEMFILE = 24,
  kENOTTY = 25,
  kETXTBSY = 26,
  kEFBIG = 27,
  kENOSPC = 28,
  kESPIPE = 29,
  kEROFS = 30,
  kEMLINK = 31,
  kEPIPE = 32,
  kEDOM = 33,
  kERANGE = 34,
  kEDEADLK = 35,
  kENAMETOOLONG = 36,
  kENOLCK = 37,
  kENOSYS = 38,
  kENOTEMPTY = 39,
  kELOOP = 40,
  kENODATA = 61,
  kEOVERFLOW = 75,
  kEILSEQ = 84,
  kEOPNOTSUPP = 95,
  kETIMEDOUT = 110,
  kESTALE = 116,
  kEDQUOT = 122,
  kECANCELED = 125,
};

}  // namespace cation::abi

#endif  // CATION_RUNTIME_ABI_ERRNO_H_
