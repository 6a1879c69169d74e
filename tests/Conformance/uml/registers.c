/*
 * Preloaded into linux.uml on processors with AMX. User-mode Linux before 6.13 keeps 2696 bytes of a guest process's
 * registers, all there is up to AVX-512; the host's kernel takes a register set only whole (11 KB with AMX, else EFAULT),
 * and the guest panics at its first process. So what UML gives is laid over what the process has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

long ptrace(enum __ptrace_request request, ...)
{
    static char whole[64 * 1024];
    static long (*next)(enum __ptrace_request, ...);
    va_list list;
    va_start(list, request);
    pid_t pid = va_arg(list, pid_t);
    void *address = va_arg(list, void *);
    void *data = va_arg(list, void *);
    va_end(list);

    if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE) {
        struct iovec *given = data;
        struct iovec all = { whole, sizeof(whole) };
        if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, address, &all) == 0 && all.iov_len > given->iov_len) {
            memcpy(whole, given->iov_base, given->iov_len);
            return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, address, &all);
        }
    }

    if (!next) next = dlsym(RTLD_NEXT, "ptrace");
    return next(request, pid, address, data);
}
