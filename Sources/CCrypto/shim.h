#ifndef TODOAPP_CCRYPTO_SHIM_H
#define TODOAPP_CCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stddef.h>
#include <stdint.h>

// One function per digest: what Swift passes is bytes and their count, what comes back is whether libcrypto did it.
// EVP_* alone is used where it will do, since the one-shot functions of OpenSSL's older API are deprecated.

#define TODOAPP_SHA256_BYTES 32

static inline int todoapp_sha256(const uint8_t *data, size_t count, uint8_t *digest) {
    return EVP_Digest(data, count, digest, NULL, EVP_sha256(), NULL) == 1;
}

static inline int todoapp_hmac_sha256(
    const uint8_t *key, size_t key_count, const uint8_t *data, size_t count, uint8_t *digest
) {
    static const uint8_t empty = 0;
    unsigned int written = 0;
    // HMAC takes a null key for "the key of the last call": an empty one must have an address.
    return HMAC(
               EVP_sha256(), key_count == 0 ? &empty : key, (int)key_count, data, count, digest, &written
           ) != NULL
        && written == TODOAPP_SHA256_BYTES;
}

#endif
