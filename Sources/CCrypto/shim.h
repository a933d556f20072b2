#ifndef TODOAPP_CCRYPTO_SHIM_H
#define TODOAPP_CCRYPTO_SHIM_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
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

// A certificate that vouches for itself: X.509 version 3, with a new P-256 key.

static inline int todoapp_add_extension(X509 *certificate, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    int done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

static inline int todoapp_fill_certificate(
    X509 *certificate, EVP_PKEY *key, const char *common_name, const char *names, int days
) {
    uint64_t serial = 0;
    X509_NAME *name = X509_get_subject_name(certificate);
    return RAND_bytes((unsigned char *)&serial, sizeof serial) == 1
        // Positive, as a serial number must be.
        && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1
        && X509_set_version(certificate, 2) == 1
        // Clocks differ by some minutes.
        && X509_gmtime_adj(X509_getm_notBefore(certificate), -600) != NULL
        && X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, NULL) != NULL
        && X509_set_pubkey(certificate, key) == 1
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name, -1, -1, 0) == 1
        && X509_set_issuer_name(certificate, name) == 1
        && todoapp_add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE")
        && todoapp_add_extension(certificate, NID_subject_alt_name, names)
        && X509_sign(certificate, key, EVP_sha256()) > 0;
}

static inline int todoapp_read_all(BIO *from, uint8_t *to, size_t size, size_t *count) {
    int read = BIO_read(from, to, (int)size);
    *count = read > 0 ? (size_t)read : 0;
    return read > 0 && BIO_pending(from) == 0;
}

// `names` as in an OpenSSL configuration: "DNS:a,DNS:b". Certificate and key come as PEM, `size` bytes each at most.
static inline int todoapp_self_signed(
    const char *common_name, const char *names, int days, size_t size,
    uint8_t *certificate, size_t *certificate_count, uint8_t *key, size_t *key_count
) {
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *made = X509_new();
    BIO *text = BIO_new(BIO_s_mem());
    int done = pair != NULL && made != NULL && text != NULL
        && todoapp_fill_certificate(made, pair, common_name, names, days)
        && PEM_write_bio_X509(text, made) == 1
        && todoapp_read_all(text, certificate, size, certificate_count)
        && PEM_write_bio_PrivateKey(text, pair, NULL, NULL, 0, NULL, NULL) == 1
        && todoapp_read_all(text, key, size, key_count);
    BIO_free(text);
    X509_free(made);
    EVP_PKEY_free(pair);
    return done;
}

// The number of certificates in a text of PEM; -1 where one of them cannot be read.
static inline int todoapp_pem_certificates(const uint8_t *pem, size_t count) {
    BIO *text = BIO_new_mem_buf(pem == NULL ? "" : (const void *)pem, (int)count);
    if (text == NULL) return -1;
    int found = 0;
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509(text, NULL, NULL, NULL)) != NULL) {
        X509_free(certificate);
        found += 1;
    }
    // The end of the text is the one failure that is none.
    int ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    BIO_free(text);
    return ended ? found : -1;
}

// Whether a private key belongs to the first certificate of a text. An empty passphrase is given, for otherwise OpenSSL would
// ask the terminal.
static inline int todoapp_pem_pair_matches(
    const uint8_t *certificate_pem, size_t certificate_count, const uint8_t *key_pem, size_t key_count
) {
    BIO *certificate_text = BIO_new_mem_buf(
        certificate_pem == NULL ? "" : (const void *)certificate_pem, (int)certificate_count
    );
    BIO *key_text = BIO_new_mem_buf(key_pem == NULL ? "" : (const void *)key_pem, (int)key_count);
    X509 *certificate = certificate_text == NULL ? NULL : PEM_read_bio_X509(certificate_text, NULL, NULL, NULL);
    EVP_PKEY *key = key_text == NULL ? NULL : PEM_read_bio_PrivateKey(key_text, NULL, NULL, (void *)"");
    int matches = certificate != NULL && key != NULL && X509_check_private_key(certificate, key) == 1;
    EVP_PKEY_free(key);
    X509_free(certificate);
    BIO_free(key_text);
    BIO_free(certificate_text);
    ERR_clear_error();
    return matches;
}

#endif
