#include "CBuildInformation.h"

const char *todoapp_version(void) { return TODOAPP_VERSION; }

const char *todoapp_revision(void) { return TODOAPP_REVISION; }
