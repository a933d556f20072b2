#ifndef CYAML_SHIM_H
#define CYAML_SHIM_H

#include <stddef.h>
#include <yaml.h>

// The parts of an event that Swift needs, without copying the union that holds them.

static inline const unsigned char *cyaml_anchor(const yaml_event_t *event) {
    switch (event->type) {
    case YAML_ALIAS_EVENT: return event->data.alias.anchor;
    case YAML_SCALAR_EVENT: return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT: return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT: return event->data.mapping_start.anchor;
    default: return NULL;
    }
}

static inline const unsigned char *cyaml_tag(const yaml_event_t *event) {
    switch (event->type) {
    case YAML_SCALAR_EVENT: return event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT: return event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT: return event->data.mapping_start.tag;
    default: return NULL;
    }
}

static inline const unsigned char *cyaml_scalar_value(const yaml_event_t *event) {
    return event->data.scalar.value;
}

static inline size_t cyaml_scalar_length(const yaml_event_t *event) {
    return event->data.scalar.length;
}

static inline int cyaml_scalar_is_plain(const yaml_event_t *event) {
    return event->data.scalar.plain_implicit;
}

#endif
