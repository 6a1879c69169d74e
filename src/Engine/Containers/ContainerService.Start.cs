using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Container.Engine.Monitor;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Monitor;
using Container.Native.Namespaces;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Starts a container; one that runs is left as it is.</summary>
    public ContainerRecord Start(string nameOrId, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        ContainerRecord started;
        using (Lock(document.Id, cancellation)) started = StartLocked(document, cancellation);
        if (document.Configuration.AutoRemove) SweepAtEnd(document.Id);
        return started;
    }

    /// <summary>
    /// Starts a container connected to the caller, so that nothing it writes is lost; a reader that is slow slows it
    /// down. It must not run yet.
    /// </summary>
    public ExecSession StartAttached(
        string nameOrId, StartOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new StartOptions();
        ContainerDocument document = Document(nameOrId);
        using LockFile held = Lock(document.Id, cancellation);
        if (ContainerStatus.IsAlive(PrepareStart(document, cancellation)))
        {
            throw new EngineException(
                ErrorId.ContainerRunning, $"The container '{document.Name}' is running.", null, nameOrId);
        }

        MonitorClient client = Launch(document, cancellation);
        SessionStreams? streams = null;
        try
        {
            List<FileDescriptor> received = [];
            bool terminal = document.Configuration.Tty;
            streams = terminal ? null : SessionStreams.CreatePipes(options.AttachStdin);
            client.Send(
                new MonitorMessage
                {
                    Type = MonitorMessageType.Start,
                    Width = Size(options.Width),
                    Height = Size(options.Height),
                    Detach = options.EndsWithCaller ? false : null,
                },
                streams?.Theirs ?? []);
            streams?.Dispose();
            MonitorMessage answer = Await(client, document, received, cancellation);
            streams ??= received.Count > 0
                ? SessionStreams.FromTerminal(received[0], isMaster: false)
                : new SessionStreams();
            Started(document);
            return new ExecSession(client, document.Id, answer.Pid ?? 0, streams).Listen();
        }
        catch
        {
            streams?.Abandon();
            client.Dispose();
            throw;
        }
    }

    /// <summary>The launch plan of a container, one operation a line.</summary>
    public string DescribePlan(string nameOrId, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        string directory = Path.Join(EnginePaths.Temporary, $"pscontainer-plan-{Guid.NewGuid():N}");
        EnginePaths.MakePrivate(directory);
        try
        {
            WriteRequest(document, directory);
            string[] arguments = ["monitor", "--plan", "--directory", directory];
            return MonitorProcess.Run(store.Paths, MonitorProcess.Inside(arguments, Beside(document)), cancellation);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private ContainerRecord StartLocked(ContainerDocument document, CancellationToken cancellation)
    {
        if (ContainerStatus.IsAlive(PrepareStart(document, cancellation))) return Resolve(document.Id);

        using MonitorClient client = Launch(document, cancellation);
        client.Send(new MonitorMessage { Type = MonitorMessageType.Start });
        Await(client, document, null, cancellation);
        return Started(document);
    }

    private MonitorState? PrepareStart(ContainerDocument document, CancellationToken cancellation)
    {
        MonitorState? state = ReadState(document.Id);
        if (ContainerStatus.IsAbandoned(state)) state = Recover(document, state!);
        if (ContainerStatus.IsAlive(state)) return state;
        bool joins = SpecNamespaces.HasContainer(document.Configuration);
        if (joins || !ContainerStatus.IsHeld(state)) EndUnstarted(document, state);
        if (joins) Rejoin(document);
        return state;
    }

    /// <summary>Starts the monitor and connects to it.</summary>
    private MonitorClient Launch(ContainerDocument document, CancellationToken cancellation, bool hold = false)
    {
        string directory = store.RunDirectory(document.Id);
        if (!hold && ContainerStatus.IsHeld(store.TryReadState(document.Id))
            && MonitorClient.TryConnect(directory) is { } held)
            return held;

        RequireLog(document.Configuration);
        EnginePaths.MakePrivate(directory);
        foreach (string stale in (string[])["state.json", "monitor.sock"])
        {
            File.Delete(Path.Join(directory, stale));
        }

        MonitorRequest request = WriteRequest(document, directory, hold);
        WriteSecrets(document);
        bool isRootOfHost = !SpecInput.IsPrivate(document.Configuration.UserNamespace);
        MonitorProcess.Start(
            store.Paths, directory, isRootOfHost, Beside(document), request.Removal is not null, cancellation);
        return MonitorClient.TryConnect(directory) ?? throw MonitorFailure.Gone(document.Id);
    }

    private MonitorRequest WriteRequest(ContainerDocument document, string directory, bool hold = false)
    {
        LogSettings log = LogSettings.Read(document.Configuration);
        ContainerLogDriver driver = document.Configuration.LogDriver ?? ContainerLogDriver.File;
        string own = store.Directory(document.Id);
        ContainerRootFs root = document.RootFs;
        bool layered = root.Layers is not null;
        LeaseHolder owner = document.LeasedTo ?? LeaseHolder.Current;
        MonitorRequest request = new()
        {
            Id = document.Id,
            Name = document.Name,
            Bundle = store.Bundle(document.Id),
            StateDirectory = directory,
            Rootfs = new MonitorRootfs
            {
                Path = root.Path,
                Lower = root.Layers,
                Upper = layered ? Path.Join(own, "upper") : null,
                Work = layered ? Path.Join(own, "work") : null,
                IdMap = root.IdMap,
                Host = root.Host,
            },
            LogPath = driver == ContainerLogDriver.File ? store.LogPath(document.Id) : null,
            LogMaxBytes = log.MaximumBytes,
            LogMaxFiles = log.MaximumFiles,
            Journal = driver == ContainerLogDriver.Journald
                ? new MonitorJournal { Socket = store.Paths.JournalSocket, Tag = log.TagOf(document.Id, document.Name, document.ImageName) }
                : null,
            EventLog = events.LogPath,
            RestartPolicy = document.Configuration.RestartPolicy switch
            {
                ContainerRestartPolicy.No => null,
                ContainerRestartPolicy.OnFailure => "onFailure",
                _ => "always",
            },
            RestartLimit = document.Configuration.RestartCount > 0 ? document.Configuration.RestartCount : null,
            StopSignal = document.StopSignal,
            StopSeconds = document.Configuration.StopTimeoutSec ?? ContainerDefaults.StopTimeoutSec,
            Health = HealthOf(document.Configuration.HealthCheck),
            Init = document.Configuration.Init,
            Hold = hold,
            OpenStdin = document.Configuration.Interactive,
            TimeLimitSeconds = document.Configuration.TimeoutSec > 0 ? document.Configuration.TimeoutSec : null,
            SeccompCache = store.Paths.SeccompCache,
            Removal = document.Configuration.AutoRemove || document.LeasedTo is not null ? Removal() : null,
            OwnerUid = CurrentUser.Uid,
            OwnerPid = owner.Pid,
            OwnerStartTime = owner.StartTime,
        };
        Store.AtomicFile.Write(Path.Join(directory, "monitor.json"), MonitorDocument.Write(request), flush: false);
        return request;
    }

    private static MonitorHealth? HealthOf(ContainerHealthCheck? check) => check is null ? null : new MonitorHealth
    {
        Command = check.Command,
        IntervalMilliseconds = (long)check.Interval.TotalMilliseconds,
        TimeoutMilliseconds = (long)check.Timeout.TotalMilliseconds,
        StartPeriodMilliseconds = (long)check.StartPeriod.TotalMilliseconds,
        Retries = check.Retries,
        Action = check.Action == ContainerHealthAction.None ? null : check.Action.ToString().ToLowerInvariant(),
    };

    // The other container may have been restarted since: its processes and their namespaces are others.
    private void Rejoin(ContainerDocument document)
    {
        ContainerSource source = ContainerSource.Find(document.Configuration, images);
        SpecInput input = Input(
            document.Id, document.Name, document.Configuration, source, (uint?)document.IdRangeStart) with
        {
            FindContainer = Running,
        };
        File.WriteAllBytes(
            Path.Join(store.Bundle(document.Id), "config.json"), OciDocument.Write(SpecBuilder.Build(input)));
    }

    /// <summary>The monitor of the container whose namespaces an ordinary user's container joins: it has the rights
    /// over them, and whoever is in its user namespace.</summary>
    private int? Beside(ContainerDocument document)
    {
        if (UserIds.Current is null) return null;
        string? other = SpecNamespaces.Others(document.Configuration).FirstOrDefault();
        return other is null ? null : store.TryReadState(Running(other).Id)?.MonitorPid;
    }

    private ContainerRecord Running(string nameOrId)
    {
        ContainerRecord other = Resolve(nameOrId);
        return other.Pid is not null ? other : throw NotRunning(other.Name, nameOrId);
    }

    private static MonitorMessage Await(
        MonitorClient client,
        ContainerDocument document,
        List<FileDescriptor>? received,
        CancellationToken cancellation)
    {
        MonitorMessage answer = client.Receive(received, cancellation) ?? throw MonitorFailure.Gone(document.Id);
        return answer.Type == MonitorMessageType.Error ? throw MonitorFailure.Describe(answer, document.Name) : answer;
    }

    private ContainerRecord Started(ContainerDocument document)
    {
        MonitorState? state = store.TryReadState(document.Id);
        if (state is not null) store.KeepState(document.Id, state);
        return ContainerStatus.Describe(document, state, ContainerStatus.IsAlive(state));
    }

    private static uint? Size(int cells) => cells > 0 ? (uint)cells : null;

    private static EngineException NotRunning(string name, object target) =>
        new(ErrorId.ContainerNotRunning, $"The container '{name}' is not running.", target: target);
}
