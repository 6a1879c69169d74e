using System.Runtime.InteropServices;
using Container.Engine.Errors;
using Container.Engine.Settings;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Engine.State;

/// <summary>
/// Where the engine's files are: options first, then the environment, then the configuration, then the default.
/// </summary>
public sealed class EnginePaths
{
    private const uint Private = 0x1C0;
    private const string DefaultJournalSocket = "/run/systemd/journal/socket";
    private const uint Others = 0x3F;

    private bool isOwn;

    /// <summary>Works out the paths; reads the configuration where nothing else says them.</summary>
    public EnginePaths(EngineOptions? options = null, SettingsService? settings = null)
    {
        settings ??= new SettingsService(options);
        StateRoot = Choose(
            options?.StateRoot,
            "PSCONTAINER_STATE_ROOT",
            () => settings.Effective.StorageRoot ?? DefaultStateRoot());
        Claim(StateRoot);
        RunRoot = Choose(options?.RunRoot, "PSCONTAINER_RUN_ROOT", DefaultRunRoot);
        Claim(RunRoot);
        RuntimePath = Choose(options?.RuntimePath, "PSCONTAINER_RUNTIME", DefaultRuntime);
        RequireRuntime();
        JournalSocket = Choose(options?.JournalSocket, "PSCONTAINER_JOURNAL_SOCKET", () => DefaultJournalSocket);
        if (JournalSocket != DefaultJournalSocket) HostTrust.Exists(JournalSocket);
        Files = new StoreFiles(this);
    }

    /// <summary>Refuses a runtime that others could have put there.</summary>
    internal void RequireRuntime()
    {
        if (RuntimePath != DefaultRuntime()) HostTrust.Exists(RuntimePath);
    }

    /// <summary>State that survives a reboot.</summary>
    public string StateRoot { get; }

    /// <summary>State of what runs.</summary>
    public string RunRoot { get; }

    /// <summary>The psrun executable.</summary>
    public string RuntimePath { get; }

    /// <summary>Where systemd's journal listens.</summary>
    public string JournalSocket { get; }

    /// <summary>The way to files that are containers'.</summary>
    internal StoreFiles Files { get; }

    /// <summary>One directory per container.</summary>
    public string Containers => Path.Combine(StateRoot, "containers");

    /// <summary>One directory per container, of what runs.</summary>
    public string RunContainers => Path.Combine(RunRoot, "containers");

    /// <summary>How containers ended that removed themselves, for those who wait for them.</summary>
    public string RunEnded => Path.Combine(RunRoot, "ended");

    /// <summary>The images: blobs, layers, records and references.</summary>
    public string Images => Path.Combine(StateRoot, "images");

    /// <summary>The volumes, one directory each.</summary>
    public string Volumes => Path.Combine(StateRoot, "volumes");

    /// <summary>The secrets, one directory each.</summary>
    public string Secrets => Path.Combine(StateRoot, "secrets");

    /// <summary>The ranges of ids that containers have.</summary>
    public string IdRanges => Path.Combine(StateRoot, "ids");

    /// <summary>Compiled system-call filters; whoever starts a container may make one again.</summary>
    public string SeccompCache => Path.Combine(RunRoot, "seccomp");

    /// <summary>The lasting state of one container.</summary>
    public string Container(string id) => Path.Combine(Containers, id);

    /// <summary>The running state of one container.</summary>
    public string RunContainer(string id)
    {
        RequireOwn();
        return Path.Combine(RunContainers, id);
    }

    /// <summary>Where what is needed for a moment goes. TMPDIR names no place to root.</summary>
    public static string Temporary => Environment.IsPrivilegedProcess ? "/tmp" : Path.GetTempPath();

    /// <summary>
    /// Makes a directory of the engine's, readable by its owner only: layers hold set-user-id files of strangers
    /// (CVE-2021-41091).
    /// </summary>
    public static void MakePrivate(string directory)
    {
        try
        {
            using RootDirectory host = RootDirectory.Open("/");
            host.MakeDirectories(directory, Private);
            HostTrust.Require(directory);
        }
        catch (SystemCallException failure) when (
            failure.Errno is Errno.ENOSPC or Errno.EDQUOT or Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM)
        {
            throw StoreFailure.Describe(failure, directory);
        }
        catch (SystemCallException failure)
        {
            throw new EngineException(
                ErrorId.StateDirectoryUnusable,
                $"The state directory '{directory}' cannot be made: {failure.Message}",
                StoreFailure.Advice(failure),
                directory,
                failure)
            {
                Errno = failure.Errno,
            };
        }
    }

    /// <summary>Where processes that reach files for us have their sockets.</summary>
    internal string RunFiles()
    {
        RequireOwn();
        return Path.Combine(RunRoot, "files");
    }

    // A directory that holds what is others', such as /home, is none of ours, whoever owns it.
    private static void Claim(string root)
    {
        HostTrust.Claim(root);
        if (!Environment.IsPrivilegedProcess) return;
        foreach (string entry in DirectoryListing.Entries(root)) HostTrust.Require(entry);
    }

    // In a directory that everybody may write to somebody else can have made it first.
    private void RequireOwn()
    {
        if (isOwn || RunRoot != FallbackRunRoot()) return;
        using RootDirectory place = RootDirectory.Open(Path.GetDirectoryName(RunRoot)!);
        FileMetadata found = Make(place, Path.GetFileName(RunRoot));
        if (found.Kind != FileKind.Directory || found.Uid != CurrentUser.Uid || (found.Mode & Others) != 0)
        {
            throw new EngineException(
                ErrorId.StateDirectoryUnusable,
                $"The directory '{RunRoot}' is not this user's own: somebody else made it, or may write to it.",
                "Set XDG_RUNTIME_DIR or PSCONTAINER_RUN_ROOT to a directory that only you can enter.",
                RunRoot);
        }

        isOwn = true;
    }

    // What is not there yet is made at once: looked at later, it could be somebody else's by then.
    private static FileMetadata Make(RootDirectory place, string name)
    {
        try
        {
            place.MakeDirectory(name, Private);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EEXIST)
        {
            return place.GetMetadata(name);
        }

        return place.GetMetadata(name);
    }

    private static string FallbackRunRoot() =>
        Path.Combine(Temporary, "pscontainer-" + Environment.UserName);

    private static string Choose(string? option, string variable, Func<string> fallback)
    {
        string? value = string.IsNullOrEmpty(option) ? Environment.GetEnvironmentVariable(variable) : option;
        return Path.GetFullPath(string.IsNullOrEmpty(value) ? fallback() : value);
    }

    private static string DefaultStateRoot()
    {
        if (Environment.IsPrivilegedProcess) return "/var/lib/pscontainer";
        string? data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
        if (string.IsNullOrEmpty(data))
            data = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
        return Path.Combine(data, "pscontainer");
    }

    private static string DefaultRunRoot()
    {
        if (Environment.IsPrivilegedProcess) return "/run/pscontainer";
        string? run = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return string.IsNullOrEmpty(run)
            ? FallbackRunRoot()
            : Path.Combine(run, "pscontainer");
    }

    // It comes from where our own code comes from.
    private static string DefaultRuntime()
    {
        bool arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        string? module = Path.GetDirectoryName(typeof(EnginePaths).Assembly.Location);
        if (string.IsNullOrEmpty(module)) module = AppContext.BaseDirectory;
        return Path.Combine(module, "bin", arm ? "linux-arm64" : "linux-x64", "psrun");
    }
}
