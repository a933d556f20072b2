#ifndef TODOAPP_CZLIB_SHIM_H
#define TODOAPP_CZLIB_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

// A stream of gzip members, told in bytes and counts; z_stream with its macros stays on this side.

typedef z_stream todoapp_inflater;

#define TODOAPP_INFLATE_MORE 0
#define TODOAPP_INFLATE_END 1
#define TODOAPP_INFLATE_BROKEN 2

// NULL where there is no memory.
static inline todoapp_inflater *todoapp_inflater_new(void) {
    z_stream *stream = (z_stream *)calloc(1, sizeof *stream);
    // 15 bits of window, and 16 for "gzip alone": a zlib header is as broken as anything else.
    if (stream != NULL && inflateInit2(stream, 15 + 16) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

static inline void todoapp_inflater_free(todoapp_inflater *stream) {
    inflateEnd(stream);
    free(stream);
}

// For the member that follows another one.
static inline void todoapp_inflater_reset(todoapp_inflater *stream) {
    inflateReset(stream);
}

// glibc's search, which its headers show to GNU sources alone.
extern void *memmem(const void *, size_t, const void *, size_t);

// Where some bytes stand, from a place on; -1 where they do not.
static inline ptrdiff_t todoapp_find(
    const uint8_t *bytes, size_t count, size_t from, const uint8_t *needle, size_t needle_count
) {
    if (from >= count || needle_count == 0) return -1;
    const uint8_t *found = (const uint8_t *)memmem(bytes + from, count - from, needle, needle_count);
    return found == NULL ? -1 : found - bytes;
}

// Takes what it can of the input and makes at most `size` bytes of output.
static inline int todoapp_inflate(
    todoapp_inflater *stream, const uint8_t *input, size_t input_count, size_t *taken,
    uint8_t *output, size_t size, size_t *made
) {
    stream->next_in = (Bytef *)input;
    stream->avail_in = (uInt)input_count;
    stream->next_out = output;
    stream->avail_out = (uInt)size;
    int answer = inflate(stream, Z_NO_FLUSH);
    *taken = input_count - stream->avail_in;
    *made = size - stream->avail_out;
    if (answer == Z_STREAM_END) return TODOAPP_INFLATE_END;
    // Z_BUF_ERROR says only that nothing more can be done with these buffers.
    return answer == Z_OK || answer == Z_BUF_ERROR ? TODOAPP_INFLATE_MORE : TODOAPP_INFLATE_BROKEN;
}

#endif
