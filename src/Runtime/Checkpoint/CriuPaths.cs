using Container.Native.Syscalls;
using Container.Runtime.Arguments;

namespace Container.Runtime.Checkpoint;

/// <summary>Where criu writes and reads.</summary>
internal sealed class CriuPaths
{
    public CriuPaths(ParsedArguments arguments)
    {
        Images = HostPath.Absolute(arguments.Value("image-path") is { Length: > 0 } images ? images : "checkpoint");
        Work = arguments.Value("work-path") is { Length: > 0 } work ? HostPath.Absolute(work) : Images;
        Parent = arguments.Value("parent-path") is { Length: > 0 } parent ? parent : null;
        if (Parent is ['/', ..]) throw new UsageException($"--parent-path: '{Parent}' must be relative to --image-path");
        if (Parent is not null && !FileCalls.Exists(Path.GetFullPath(Parent, Images)))
            throw new UsageException($"--parent-path: '{Parent}' does not exist, from '{Images}' on");
    }

    /// <summary>The images.</summary>
    public string Images { get; }

    /// <summary>Logs and temporary files.</summary>
    public string Work { get; }

    /// <summary>The images of a pre-dump, from <see cref="Images"/> on; null where there was none.</summary>
    public string? Parent { get; }

    /// <summary>What both verbs of criu are told.</summary>
    public string[] Arguments(string verb) =>
        ["--images-dir", Images, "--work-dir", Work, "--log-file", verb + ".log", "-v4"];

    /// <summary>Makes the directories that are missing.</summary>
    public void Make()
    {
        foreach (string path in new[] { Images, Work })
        {
            for (int i = 1; i <= path.Length; i++)
            {
                if (i < path.Length && path[i] != '/') continue;
                if (FileCalls.mkdirat(FileCalls.AT_FDCWD, path[..i], 0x1C0) == 0) continue;
                SystemCallException failure = SystemCallException.Last("mkdir", path[..i]);
                if (failure.Errno != Errno.EEXIST) throw failure;
            }
        }
    }
}
