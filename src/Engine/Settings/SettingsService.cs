using System.Text.Json;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Engine.Settings;

/// <summary>The configuration files: one of the host and one of the user, which wins. They are read when needed.</summary>
public sealed class SettingsService
{
    private const string FileName = "configuration.json";
    private const int MaximumLength = 1024 * 1024;
    private readonly string system;
    private readonly string user;
    private readonly Lazy<EngineSettings> effective;

    /// <summary>Works out where the files are; touches none.</summary>
    public SettingsService(EngineOptions? options = null)
    {
        string? root = options?.ConfigurationRoot;
        if (string.IsNullOrEmpty(root)) root = Environment.GetEnvironmentVariable("PSCONTAINER_CONFIG_ROOT");
        system = string.IsNullOrEmpty(root) ? "/etc/pscontainer" : Path.GetFullPath(root);
        user = string.IsNullOrEmpty(root) ? Path.Join(UserRoot(), "pscontainer") : Path.Join(system, "user");

        // What a file says is asked for again after a failure: somebody may have mended it.
        effective = new Lazy<EngineSettings>(ReadAll, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>What holds where no file says anything.</summary>
    public static EngineSettings Defaults { get; } = new()
    {
        LogDriver = ContainerLogDriver.File,
        CgroupParent = ContainerDefaults.CgroupParent,
        PidsLimit = ContainerDefaults.PidsLimit,
        StopTimeoutSec = ContainerDefaults.StopTimeoutSec,
    };

    /// <summary>What the files say together, as it was when it was first asked for.</summary>
    public EngineSettings Effective => effective.Value;

    /// <summary>The file of a scope, whether it is there or not.</summary>
    public string GetPath(ContainerConfigurationScope scope) =>
        Path.Join(scope == ContainerConfigurationScope.User ? user : system, FileName);

    /// <summary>What the file of a scope says; nothing where there is none.</summary>
    public EngineSettings Read(ContainerConfigurationScope scope)
    {
        string path = GetPath(scope);
        if (!HostTrust.Exists(path)) return new EngineSettings();
        try
        {
            byte[] content = BoundedFile.Read(path, MaximumLength);
            return (JsonSerializer.Deserialize(content, SettingsJsonContext.Default.EngineSettings)
                ?? new EngineSettings()).Checked();
        }
        catch (Exception failure) when (failure is JsonException
            or EngineException { Id: ErrorId.InvalidConfiguration })
        {
            throw new EngineException(
                ErrorId.DefinitionInvalid,
                $"The configuration file '{path}' cannot be used: {failure.Message.TrimEnd('.')}.",
                "Mend the file, or remove it.",
                path,
                failure);
        }
    }

    /// <summary>Replaces the file of a scope; no reader sees half of it, and no other change is lost.</summary>
    public void Change(
        ContainerConfigurationScope scope,
        Func<EngineSettings, EngineSettings> change,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        string path = GetPath(scope);
        try
        {
            HostTrust.Claim(Path.GetDirectoryName(path)!);
            MakeDirectory(path);
            using LockFile held = LockFile.Acquire(path + ".lock", exclusive: true, cancellation);
            EngineSettings changed = change(Read(scope)).Checked();
            AtomicFile.Write(
                path,
                [.. JsonSerializer.SerializeToUtf8Bytes(changed, SettingsJsonContext.Default.EngineSettings), (byte)'\n']);
            using RootDirectory directory = RootDirectory.Open(Path.GetDirectoryName(path)!);
            directory.SetMode(FileName, 0x1A4);
        }
        catch (SystemCallException failure)
        {
            throw Unwritable(path, failure.Message, failure.Errno, failure);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.StateDirectoryUnusable)
        {
            throw Unwritable(path, failure.Message, failure.Errno, failure);
        }
    }

    private EngineSettings ReadAll() =>
        Read(ContainerConfigurationScope.User).Over(Read(ContainerConfigurationScope.System));

    // Everybody may read the host's file; what is secret is none of it.
    private static void MakeDirectory(string path)
    {
        using RootDirectory host = RootDirectory.Open("/");
        host.MakeDirectories(Path.GetDirectoryName(path)!, 0x1ED);
    }

    private static EngineException Unwritable(string path, string message, Errno? errno, Exception inner) => new(
        ErrorId.SystemCallFailed,
        $"The configuration file '{path}' cannot be written: {message}",
        "Run as root, or use -Scope User.",
        path,
        inner)
    {
        Errno = errno,
    };

    private static string UserRoot()
    {
        // sudo may leave root the variables of who called it.
        if (Environment.IsPrivilegedProcess) return Path.Join(CurrentUser.RootHome, ".config");
        string? root = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        return string.IsNullOrEmpty(root)
            ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config")
            : root;
    }
}
