// Says what a process allocates: preloaded (LD_PRELOAD) before the C library, it counts each call and hands it on to that.
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ulong count;

// How often anything was allocated so far.
unsigned long allocation_count(void) { return count; }

// How many bytes are allocated now and not freed.
unsigned long allocated_bytes(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

void *malloc(size_t size) { return ++count, __libc_malloc(size); }
void *calloc(size_t number, size_t size) { return ++count, __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { return ++count, __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { return ++count, __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    *result = memalign(alignment, size);
    return *result == NULL ? 12 /* ENOMEM */ : 0;
}
