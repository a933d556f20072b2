#ifndef C_BUILD_INFORMATION_H
#define C_BUILD_INFORMATION_H

/// The version of the release, as in "1.2.3".
const char *todoapp_version(void);

/// The commit that the program was built from, or "unknown".
const char *todoapp_revision(void);

#endif
