using Container.Runtime.Arguments;

namespace Container.Runtime.Checkpoint;

/// <summary>Options of ours that are options of criu.</summary>
internal static class CriuOptions
{
    private static readonly string[] Flags =
    [
        "leave-running", "tcp-established", "link-remap", "ext-unix-sk", "shell-job", "file-locks", "auto-dedup",
    ];

    /// <summary>What checkpoint and restore both take.</summary>
    public static Option[] Common =>
    [
        new("image-path", "directory of the images (default: checkpoint)", Value: "DIR"),
        new("work-path", "directory of logs and temporary files (default: that of the images)", Value: "DIR"),
        new("tcp-established", "with open TCP connections"),
        new("ext-unix-sk", "with unix sockets whose other end is outside"),
        new("shell-job", "with a terminal that is not the container's own"),
        new("file-locks", "with locks of files"),
        new("manage-cgroups-mode", "soft (default), full, strict or ignore", Value: "MODE"),
        new("empty-ns", "make this namespace anew, empty: network", Value: "TYPE", Repeats: true),
        new("auto-dedup", "free pages of images that a later image has"),
        new("lazy-pages", "move memory when it is used"),
    ];

    /// <summary>The options that were given, as criu has them.</summary>
    public static List<string> Translate(ParsedArguments arguments)
    {
        List<string> translated = [];
        foreach (string flag in Flags)
        {
            if (arguments.Flag(flag)) translated.Add("--" + flag);
        }

        if (arguments.Flag("tcp-skip-in-flight")) translated.Add("--skip-in-flight");
        if (arguments.Flag("lazy-pages")) translated.Add("--lazy-pages");
        string mode = arguments.Value("manage-cgroups-mode") is { Length: > 0 } given ? given : "soft";
        if (mode is not ("soft" or "full" or "strict" or "ignore"))
            throw new UsageException($"--manage-cgroups-mode: '{mode}' is not soft, full, strict or ignore");
        translated.Add("--manage-cgroups=" + mode);
        foreach (string type in arguments.Values("empty-ns"))
        {
            if (type != "network") throw new UsageException($"--empty-ns: '{type}' is not network");
        }

        return translated;
    }
}
