using System.Runtime.InteropServices;
using System.Text.Json;
using Container.Engine.Catalog;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Json;
using Container.Native.Monitor;
using Container.Native.Namespaces;
using Container.Native.Oci;

namespace Container.Engine.Containers;

/// <summary>
/// What is left of containers that remove themselves: how they ended, for a while. Whoever waits for one has its id, and
/// may come when it has gone already.
/// </summary>
public sealed partial class ContainerService
{
    private const string EndedDocument = ".container.json";
    private const string EndedState = ".state.json";

    // What says where programs and settings are.
    private static readonly string[] s_variables =
        ["PATH", "HOME", "DOTNET_ROOT", "PSCONTAINER_CONFIG_ROOT", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"];

    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(10);

    /// <summary>What a container was when it ended and removed itself, by its whole id; null where nobody knows.</summary>
    public ContainerRecord? TryGetEnded(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!ObjectId.IsPrefix(id) || id.Length != ObjectId.Length) return null;
        try
        {
            if (HostTrust.Read(Path.Join(store.Paths.RunEnded, id + EndedState)) is not { } state
                || HostTrust.Read(Path.Join(store.Paths.RunEnded, id + EndedDocument)) is not { } content)
                return null;
            ContainerDocument? document = JsonSerializer.Deserialize(content, ContainerJsonContext.Default.ContainerDocument);
            return document is null
                ? null
                : ContainerStatus.Describe(document, MonitorDocument.ReadState(state), false);
        }
        catch (Exception failure) when (failure is EngineException or JsonException or DocumentException)
        {
            return null;
        }
    }

    // Nobody's removal fails for it: it is a service to those who wait.
    private void RememberEnd(string id)
    {
        if (store.TryReadNow(id) is not { } document || ReadState(id) is not { } state) return;
        try
        {
            EnginePaths.MakePrivate(store.Paths.RunEnded);
            foreach (FileInfo file in new DirectoryInfo(store.Paths.RunEnded).EnumerateFiles())
            {
                if (DateTime.UtcNow - file.LastWriteTimeUtc > s_remembered) file.Delete();
            }

            AtomicFile.Write(
                Path.Join(store.Paths.RunEnded, id + EndedDocument),
                JsonSerializer.SerializeToUtf8Bytes(document, ContainerJsonContext.Default.ContainerDocument), flush: false);
            AtomicFile.Write(Path.Join(store.Paths.RunEnded, id + EndedState), MonitorDocument.Write(state), flush: false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or EngineException)
        {
            // A full disk, mostly.
        }
    }

    // The monitor knows nothing of our store, as conmon knows nothing of podman's: it runs a program that does. An ordinary
    // user's monitor is root of a user namespace, in which our files are where root's are looked for; for it a process
    // outside does the same (psrun unshare --removal).
    private OciHook? Removal()
    {
        const int seconds = 60;
        if (sweeper is not { Count: > 0 }) return null;
        Dictionary<string, string?> variables = new()
        {
            ["PSCONTAINER_STATE_ROOT"] = store.Paths.StateRoot,
            ["PSCONTAINER_RUN_ROOT"] = store.Paths.RunRoot,
            ["PSCONTAINER_RUNTIME"] = store.Paths.RuntimePath,
        };

        if (UserIds.Current is not null)
        {
            foreach (string name in s_variables) variables[name] = Environment.GetEnvironmentVariable(name);
        }
        else
        {
            // As root, and later: where programs and .NET are found, no caller's variable says.
            variables["PATH"] = SpecEnvironment.DefaultPath;
            variables["DOTNET_ROOT"] = Path.GetFullPath(Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
            variables["HOME"] = CurrentUser.RootHome;
            variables["PSCONTAINER_CONFIG_ROOT"] = Environment.GetEnvironmentVariable("PSCONTAINER_CONFIG_ROOT");
        }

        return new OciHook
        {
            Path = sweeper[0],
            Args = sweeper,
            Env = [.. variables.Where(pair => pair.Value is not null).Select(pair => $"{pair.Key}={pair.Value}")],
            Timeout = seconds,
        };
    }

    /// <summary>
    /// Removes a container as soon as it has ended, for as long as this process lives; then its monitor has it done.
    /// </summary>
    private void SweepAtEnd(string id) => new Thread(() =>
    {
        try
        {
            // It may be restarted in between, which is no end.
            do Wait(id);
            while (TryGet(id) is { } record && record.State != ContainerState.Exited);
        }
#pragma warning disable CA1031 // an exception that leaves a thread ends pwsh; the next command that comes by removes it
        catch (Exception)
#pragma warning restore CA1031
        {
            // Somebody has removed it, or its state root has gone.
        }
    })
    {
        IsBackground = true,
        Name = "AutoRemove",
    }.Start();
}
