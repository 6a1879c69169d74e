using Container.Runtime.Arguments;

namespace Container.Runtime.Creation;

/// <summary>What create and run take.</summary>
internal sealed record CreationOptions
{
    public CreationOptions(ParsedArguments arguments)
    {
        Id = arguments.Operands[0];
        Bundle = HostPath.Absolute(arguments.Value("bundle") is { Length: > 0 } bundle ? bundle : ".");
        Configuration = arguments.Value("config") is { Length: > 0 } file
            ? HostPath.Absolute(file)
            : Bundle + "/config.json";
        ConsoleSocket = arguments.Value("console-socket");
        PidFdSocket = arguments.Value("pidfd-socket");
        PidFile = arguments.Value("pid-file") is { Length: > 0 } pid ? HostPath.Absolute(pid) : null;
        NoPivot = arguments.Flag("no-pivot");
        NoNewKeyring = arguments.Flag("no-new-keyring");
        PreserveFds = arguments.Number("preserve-fds", 0, 0, 1000);
    }

    public static Option[] Known =>
    [
        new("bundle", "directory of the bundle (default: the current one)", 'b', "DIR"),
        new("config", "the configuration (default: config.json of the bundle)", 'f', "FILE"),
        new("console-socket", "unix socket that receives the terminal's master", Value: "PATH"),
        new("pidfd-socket", "unix socket that receives a descriptor of the process", Value: "PATH"),
        new("pid-file", "file for the process id", Value: "FILE"),
        new("no-pivot", "use chroot instead of pivot_root: for a root on a ramdisk"),
        new("no-new-keyring", "keep the caller's session keyring"),
        new("preserve-fds", "number of descriptors from 3 on to pass on", Value: "N"),
        new("no-subreaper", "accepted for compatibility: psrun never is one"),
    ];

    public string Id { get; }

    public string Bundle { get; }

    public string Configuration { get; }

    public string? ConsoleSocket { get; }

    public string? PidFdSocket { get; }

    public string? PidFile { get; }

    public bool NoPivot { get; }

    public bool NoNewKeyring { get; }

    public int PreserveFds { get; }

    /// <summary>Whether nobody stays to serve the terminal: create, and run --detach.</summary>
    public bool Detached { get; init; }

    /// <summary>Whether the container waits for start.</summary>
    public bool WaitsForStart { get; init; }
}
