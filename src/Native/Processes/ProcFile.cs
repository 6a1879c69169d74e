using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>
/// The files of one process under /proc, reached through a descriptor that was checked to be procfs: a file system
/// mounted over /proc must not receive what is meant for the kernel (CVE-2025-52881).
/// </summary>
internal sealed class ProcFile : IDisposable
{
    private readonly FileDescriptor directory;
    private readonly string name;

    private ProcFile(FileDescriptor directory, string name)
    {
        this.directory = directory;
        this.name = name;
    }

    /// <summary>The files of process <paramref name="pid"/>, or our own.</summary>
    public static ProcFile Open(int? pid = null)
    {
        string name = pid is null ? "/proc/self" : $"/proc/{pid}";
        FileDescriptor directory = FileCalls.Open(name, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        try
        {
            FileSystems.Require(directory, FileSystems.PROC_SUPER_MAGIC, name);
            return new ProcFile(directory, name);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>A descriptor of one of the process' namespaces.</summary>
    public FileDescriptor OpenNamespace(string kind) => FileCalls.Open($"ns/{kind}", FileCalls.O_RDONLY, 0, directory);

    /// <summary>Writes <paramref name="text"/> in one piece.</summary>
    public void Write(string file, string text)
    {
        using FileDescriptor target = FileCalls.Open(file, FileCalls.O_WRONLY | FileCalls.O_NOFOLLOW, 0, directory);
        FileCalls.WriteAll(target.Number, Encoding.ASCII.GetBytes(text), $"{name}/{file}");
    }

    /// <inheritdoc/>
    public void Dispose() => directory.Dispose();
}
