/* The tracepoint that lttng.c writes: one record, as a sequence of bytes. */
#undef TRACEPOINT_PROVIDER
#define TRACEPOINT_PROVIDER relayfs_bench

#undef TRACEPOINT_INCLUDE
#define TRACEPOINT_INCLUDE "./lttng_record.h"

#if !defined(LTTNG_RECORD_H) || defined(TRACEPOINT_HEADER_MULTI_READ)
#define LTTNG_RECORD_H

#include <lttng/tracepoint.h>

TRACEPOINT_EVENT(relayfs_bench, record,
    TP_ARGS(const char *, bytes, unsigned int, length),
    TP_FIELDS(ctf_sequence(char, bytes, bytes, unsigned int, length)))

#endif

#include <lttng/tracepoint-event.h>
