using System.Runtime.InteropServices;

namespace Container.Native.Launch;

/// <summary>What the child writes to its channel: a record of fixed size, so that one write is one message.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LaunchReport
{
    /// <summary>An operation failed: <see cref="Index"/> and <see cref="Errno"/> say which and how.</summary>
    public const int Failed = 1;

    /// <summary>The container is set up and waits to be started.</summary>
    public const int Ready = 2;

    /// <summary>What the child has opened comes with this message: the master of its terminal, or a socket.</summary>
    public const int Descriptor = 3;

    /// <summary>The plan waits for the createContainer hooks.</summary>
    public const int CreateHooks = 5;

    /// <summary>The plan waits for the startContainer hooks.</summary>
    public const int StartHooks = 6;

    /// <summary>The filter has a listener, which <see cref="Errno"/> numbers in the child; the child waits.</summary>
    public const int Listener = 7;

    /// <summary>The process is in all its namespaces.</summary>
    public const int Joined = 8;

    /// <summary>The plan waits for the prestart and createRuntime hooks.</summary>
    public const int RuntimeHooks = 9;

    /// <summary>The parent's answer to <see cref="Listener"/>: go on.</summary>
    public const byte Continue = 1;

    /// <summary>The parent's answer to that: it may not fetch the descriptor, send it.</summary>
    public const byte SendDescriptor = 2;

    public int Code;
    public int Index;
    public int Errno;
    public int Reserved;
}
