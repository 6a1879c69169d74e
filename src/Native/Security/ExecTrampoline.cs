using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// A program of a few hundred bytes that executes another one: the container's process goes through it, so that what
/// <c>/proc/self/exe</c> names while the kernel opens the container's program is this, not us.
/// </summary>
/// <remarks>
/// An image may have <c>/bin/sh -> /proc/self/exe</c> or <c>#!/proc/self/exe</c>. Then execve(2) opens our executable
/// for the container, which keeps it open until nobody runs it and overwrites it (CVE-2019-5736). With the trampoline
/// the image gets a sealed file in memory that nobody else ever runs. It costs one more execve(2) of a program without
/// libraries, 0.1 ms, where starting over from a protected copy of ourselves costs 0.9 ms. It is written in machine
/// code because it must not need anything of the container's root file system.
/// </remarks>
internal static class ExecTrampoline
{
    private const int Base = 0x400000;
    private const int ElfHeaderSize = 64; // Elf64_Ehdr: elf(5)
    private const int HeaderSize = ElfHeaderSize + 56; // and one Elf64_Phdr
    private const int ChannelOffset = HeaderSize + 120;
    private const int RecordOffset = ChannelOffset + 4;
    private const int Size = RecordOffset + 8;

    private static ReadOnlySpan<byte> Identification => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];

    // Registers as in syscall(2). On entry [rsp] is argc, then argv, NULL, envp.
    private static ReadOnlySpan<byte> Code =>
    [
        0x4C, 0x8D, 0x25, 0x75, 0x00, 0x00, 0x00, // lea r12, [record]
        0x8B, 0x3D, 0x6B, 0x00, 0x00, 0x00, //       mov edi, [channel]
        0xBE, 0x02, 0x00, 0x00, 0x00, //             mov esi, F_SETFD
        0xBA, 0x01, 0x00, 0x00, 0x00, //             mov edx, FD_CLOEXEC
        0xB8, 0x48, 0x00, 0x00, 0x00, //             mov eax, fcntl
        0x0F, 0x05, //                               syscall
        0x85, 0xC0, //                               test eax, eax
        0x75, 0x46, //                               jne end                     it runs itself: no channel
        0x48, 0x8B, 0x7C, 0x24, 0x08, //             mov rdi, [rsp+8]            argv[0]: the path
        0x48, 0x8D, 0x74, 0x24, 0x10, //             lea rsi, [rsp+16]           argv + 1
        0x48, 0x8B, 0x04, 0x24, //                   mov rax, [rsp]
        0x48, 0x8D, 0x54, 0xC4, 0x10, //             lea rdx, [rsp+rax*8+16]     envp
        0xB8, 0x3B, 0x00, 0x00, 0x00, //             mov eax, execve
        0x0F, 0x05, //                               syscall
        0xF7, 0xD8, //                               neg eax                     only on failure
        0x89, 0x44, 0x24, 0xF8, //                   mov [rsp-8], eax            report: errno
        0x49, 0x8B, 0x04, 0x24, //                   mov rax, [r12]
        0x48, 0x89, 0x44, 0x24, 0xF0, //             mov [rsp-16], rax           report: code, index
        0x31, 0xC0, //                               xor eax, eax
        0x89, 0x44, 0x24, 0xFC, //                   mov [rsp-4], eax
        0x8B, 0x3D, 0x21, 0x00, 0x00, 0x00, //       mov edi, [channel]
        0x48, 0x8D, 0x74, 0x24, 0xF0, //             lea rsi, [rsp-16]
        0xBA, 0x10, 0x00, 0x00, 0x00, //             mov edx, 16
        0xB8, 0x01, 0x00, 0x00, 0x00, //             mov eax, write
        0x0F, 0x05, //                               syscall
        0xBF, 0x01, 0x00, 0x00, 0x00, //        end: mov edi, 1
        0xB8, 0xE7, 0x00, 0x00, 0x00, //             mov eax, exit_group
        0x0F, 0x05, //                               syscall
        0xF4, 0x0F, 0x1F, 0x00, //                   hlt; nop
    ];

    /// <summary>Whether there is machine code for this machine.</summary>
    public static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>
    /// The system calls it makes after the filter is in place; a profile that does not allow them all cannot be used
    /// with it.
    /// </summary>
    public static IReadOnlyList<string> SystemCalls { get; } = ["execveat", "fcntl", "execve", "write", "exit_group"];

    /// <summary>
    /// Makes the program. It takes the path as its argv[0] and the arguments after it. If execve(2) fails it writes
    /// 16 bytes to <paramref name="channel"/>: code, index, errno and 0, as 32-bit numbers.
    /// </summary>
    /// <param name="channel">The number the channel has in the child, there without close-on-exec.</param>
    /// <param name="code">The first word of the report.</param>
    /// <param name="index">The second.</param>
    /// <exception cref="SystemCallException">The kernel does not let files in memory be executed.</exception>
    public static FileDescriptor Create(int channel, int code, int index)
    {
        Span<byte> image = stackalloc byte[Size];
        image.Clear();
        Identification.CopyTo(image);
        Word(image, 16, 2 | (62 << 16)); // e_type: ET_EXEC, e_machine: EM_X86_64
        Word(image, 20, 1); // e_version
        Word(image, 24, Base + HeaderSize); // e_entry
        Word(image, 32, ElfHeaderSize); // e_phoff
        Word(image, 52, ElfHeaderSize | ((HeaderSize - ElfHeaderSize) << 16)); // e_ehsize, e_phentsize
        Word(image, 56, 1); // e_phnum
        Word(image, 64, 1); // p_type: PT_LOAD
        Word(image, 68, 5); // p_flags: PF_R | PF_X
        Word(image, 80, Base); // p_vaddr
        Word(image, 96, Size); // p_filesz
        Word(image, 104, Size); // p_memsz
        Word(image, 112, 0x1000); // p_align
        Code.CopyTo(image[HeaderSize..]);
        Word(image, ChannelOffset, channel);
        Word(image, RecordOffset, code);
        Word(image, RecordOffset + 4, index);
        return Memfd.CreateProgram("container", image);
    }

    private static void Word(Span<byte> image, int offset, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(image[offset..], value);
}
