using System.Text.Json;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Secrets;

/// <summary>
/// Secrets: secrets/NAME/{secret.json,value}, files of mode 0600 in directories of mode 0700. A value is given to the
/// containers that ask for it when they start, in memory where the run directory is; no image and no layer ever has it.
/// </summary>
public sealed partial class SecretService
{
    /// <summary>Most bytes of a value, as with the other engines.</summary>
    public const int MaximumLength = 512_000;

    private const string DocumentName = "secret.json";
    private const string ValueName = "value";

    private readonly EnginePaths paths;
    private readonly Func<string, IReadOnlyList<string>> findUsers;
    private readonly EventService? events;

    /// <summary>Works on the secrets of a state directory; opening does no I/O.</summary>
    /// <param name="paths">Where the state is.</param>
    /// <param name="findUsers">The names of the containers that use the secret of a name.</param>
    /// <param name="events">Hears what happens to them.</param>
    public SecretService(
        EnginePaths paths, Func<string, IReadOnlyList<string>>? findUsers = null, EventService? events = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        this.paths = paths;
        this.findUsers = findUsers ?? (_ => []);
        this.events = events;
    }

    /// <summary>All secrets, by name.</summary>
    public IReadOnlyList<SecretRecord> List() =>
        [.. DirectoryListing.Directories(paths.Secrets).Select(directory => Path.GetFileName(directory))
            .Select(TryResolve).OfType<SecretRecord>().OrderBy(secret => secret.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The secret of this name.</summary>
    public SecretRecord Resolve(string name) => TryResolve(name) ?? throw new EngineException(
        ErrorId.SecretNotFound,
        $"There is no secret '{name}'.",
        target: name);

    /// <summary>The secret of this name, or null.</summary>
    public SecretRecord? TryResolve(string name)
    {
        if (!ContainerName.IsWord(name)) return null;
        string path = Path.Join(paths.Secrets, Key(name), DocumentName);
        if (HostTrust.Read(path) is not { } content) return null;
        try
        {
            return JsonSerializer.Deserialize(content, SecretJsonContext.Default.SecretRecord);
        }
        catch (JsonException failure)
        {
            throw new EngineException(
                ErrorId.SpecInvalid, $"The state file '{path}' is damaged.", "Remove the directory.", path, failure);
        }
    }

    /// <summary>The names of the containers that use a secret.</summary>
    public IReadOnlyList<string> GetUsers(SecretRecord secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return findUsers(secret.Name);
    }

    /// <summary>The value; whoever gets it clears it after use.</summary>
    public byte[] ReadValue(string name)
    {
        SecretRecord secret = Resolve(name);
        try
        {
            using RootDirectory directory = RootDirectory.Open(Path.Join(paths.Secrets, Key(secret.Name)));
            return directory.ReadFile(ValueName, MaximumLength);
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, name);
        }
    }

    /// <summary>Keeps a secret.</summary>
    public SecretRecord Create(
        string name,
        ReadOnlySpan<byte> value,
        IReadOnlyDictionary<string, string>? label = null,
        bool replace = false,
        string driver = SecretRecord.FileDriver,
        CancellationToken cancellation = default)
    {
        Check(name, value.Length);
        RequireDriver(driver);
        using LockFile held = Lock(cancellation);
        bool isNew = TryResolve(name) is null;
        if (!replace && !isNew)
        {
            throw new EngineException(
                ErrorId.SecretExists,
                $"There is a secret '{name}' already.",
                "Use -Replace to give it another value.",
                name);
        }

        SecretRecord record = new()
        {
            Name = name, CreatedAt = DateTimeOffset.UtcNow, Length = value.Length, Label = label,
        };
        string directory = Path.Join(paths.Secrets, Key(name));
        EnginePaths.MakePrivate(directory);
        try
        {
            AtomicFile.Write(Path.Join(directory, ValueName), value);
        }
        catch when (isNew)
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }

        AtomicFile.Write(
            Path.Join(directory, DocumentName),
            JsonSerializer.SerializeToUtf8Bytes(record, SecretJsonContext.Default.SecretRecord));
        events?.Add(EventKind.Secret, isNew ? EventAction.Create : EventAction.Update, name, name);
        return record;
    }

    /// <summary>Removes a secret; one that a container uses stays.</summary>
    public void Remove(string name, CancellationToken cancellation = default)
    {
        using LockFile held = Lock(cancellation);
        SecretRecord secret = Resolve(name);
        IReadOnlyList<string> users = findUsers(secret.Name);
        if (users.Count > 0)
        {
            throw new EngineException(
                ErrorId.SecretInUse,
                $"Secret '{secret.Name}' is used by {string.Join(", ", users.Take(5))}{(users.Count > 5 ? " …" : "")}.",
                target: secret.Name);
        }

        try
        {
            // The document goes first: without it there is no secret.
            using RootDirectory secrets = RootDirectory.Open(paths.Secrets);
            secrets.Remove($"{Key(secret.Name)}/{DocumentName}");
            secrets.Remove(Key(secret.Name));
            events?.Add(EventKind.Secret, EventAction.Remove, secret.Name, secret.Name);
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, name);
        }
    }

    private LockFile Lock(CancellationToken cancellation)
    {
        EnginePaths.MakePrivate(paths.Secrets);
        return LockFile.Acquire(Path.Join(paths.Secrets, ".lock"), exclusive: true, cancellation);
    }

    private static void RequireDriver(string driver)
    {
        if (driver.Equals(SecretRecord.FileDriver, StringComparison.OrdinalIgnoreCase)) return;
        throw new EngineException(
            ErrorId.InvalidConfiguration,
            $"There is no secret driver '{driver}'.",
            "Use 'file', or pipe the value in from where it is kept.",
            driver);
    }

    private static void Check(string name, int length)
    {
        if (!ContainerName.IsWord(name))
        {
            throw new EngineException(
                ErrorId.InvalidName,
                $"'{name}' cannot be the name of a secret.",
                target: name);
        }

        if (length is 0 or > MaximumLength)
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration,
                $"A secret has 1 to {MaximumLength:N0} bytes, not {length:N0}.",
                null,
                name);
        }
    }

    // Names are told apart without regard to case, and kept as they were written.
    private static string Key(string name) => name.ToLowerInvariant();
}
