using Container.Engine.Catalog;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Container.Engine.Monitor;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Security;
using Container.Native.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Runs a further process in a container that runs.</summary>
    public ExecSession Exec(string nameOrId, ExecOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ContainerDocument document = Document(nameOrId);
        return WhileRunning(document, nameOrId, state => ExecIn(document, nameOrId, state, options, cancellation));
    }

    private ExecSession ExecIn(
        ContainerDocument document,
        string nameOrId,
        MonitorState state,
        ExecOptions options,
        CancellationToken cancellation)
    {
        RequireNotPaused(document, nameOrId, state);
        MonitorClient client = ConnectTo(document, nameOrId);
        SessionStreams? streams = null;
        try
        {
            OciProcess process = BuildProcess(document, state, options);
            using SafeFileHandle file = WriteProcess(document.Id, process);
            bool connected = !options.Tty && !options.Detach;
            streams = connected ? SessionStreams.CreatePipes(options.Interactive) : null;
            using HostStreams? files = options.Detach ? HostStreams.Open(options) : null;
            List<FileDescriptor> received = [];
            MonitorMessage request = new()
            {
                Type = MonitorMessageType.Exec,
                Terminal = options.Tty,
                Width = Size(options.Width),
                Height = Size(options.Height),
                Detach = options.Detach,
            };
            client.Send(request, [(int)file.DangerousGetHandle(), .. streams?.Theirs ?? files?.Numbers ?? []]);
            streams?.Dispose();
            MonitorMessage answer = Await(client, document, received, cancellation);
            streams ??= received.Count > 0
                ? SessionStreams.FromTerminal(received[0], isMaster: true)
                : new SessionStreams();
            return new ExecSession(client, document.Id, answer.Pid ?? 0, streams).Listen();
        }
        catch
        {
            streams?.Abandon();
            client.Dispose();
            throw;
        }
    }

    /// <summary>Connects to the streams of a container that runs; what it wrote before is in its log.</summary>
    public ExecSession Attach(string nameOrId, bool stdin = false, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        return WhileRunning(document, nameOrId, state => AttachTo(document, nameOrId, state, stdin, cancellation));
    }

    private ExecSession AttachTo(
        ContainerDocument document,
        string nameOrId,
        MonitorState state,
        bool stdin,
        CancellationToken cancellation)
    {
        RequireNotPaused(document, nameOrId, state);
        MonitorClient client = ConnectTo(document, nameOrId);
        SessionStreams? streams = null;
        try
        {
            streams = document.Configuration.Tty ? null : SessionStreams.CreatePipes(stdin);
            List<FileDescriptor> received = [];
            client.Send(new MonitorMessage { Type = MonitorMessageType.Attach, Stdin = stdin }, streams?.Theirs ?? []);
            streams?.Dispose();
            Await(client, document, received, cancellation);
            streams ??= received.Count > 0
                ? SessionStreams.FromTerminal(received[0], isMaster: false)
                : new SessionStreams();

            // The monitor tells an attached client how the container ends, once it has been asked.
            client.Send(new MonitorMessage { Type = MonitorMessageType.Wait });
            return new ExecSession(client, document.Id, 0, streams).Listen();
        }
        catch
        {
            streams?.Abandon();
            client.Dispose();
            throw;
        }
    }

    /// <summary>Tells a container's own terminal its size.</summary>
    public void Resize(string nameOrId, int width, int height, CancellationToken cancellation = default) => Request(
        Document(nameOrId),
        new MonitorMessage { Type = MonitorMessageType.Resize, Width = Size(width), Height = Size(height) },
        nameOrId,
        cancellation);

    private static void RequireNotPaused(ContainerDocument document, string nameOrId, MonitorState state)
    {
        if (state.Status != "paused") return;
        throw new EngineException(
            ErrorId.ContainerPaused, $"The container '{document.Name}' is paused.", target: nameOrId);
    }

    // The container's own process is the model: what a further one may do is what that was given, never more.
    private OciProcess BuildProcess(ContainerDocument document, MonitorState state, ExecOptions options)
    {
        if (options.Command.Count == 0 || options.Command[0].Length == 0)
            throw EngineException.Invalid("There is no command to run.", document.Name, "Give a command.");
        OciSpec spec = ReadSpec(document);
        OciProcess model = spec.Process ?? new OciProcess();
        UserDatabase users = new(new LayerFiles(_ => Stored.OpenRoot(state.Pid), [""]).TryRead);
        ResolvedUser? user = options.User is null
            ? null
            : users.Resolve(UserRequest.Parse(options.User), document.Configuration.SupplementaryGroup);
        if (user is not null) SpecIdMaps.RequireMapped(user, spec.Linux?.UidMappings, spec.Linux?.GidMappings);
        CapabilitySet capabilities = options.Privileged
            ? CapabilitySet.Supported
            : CapabilitySet.Parse(model.Capabilities?.Bounding ?? []);

        VariableList variables = new();
        variables.Set(model.Env ?? []);

        // Another user has another home, which the runtime finds where it is empty.
        if (user is not null) variables.Set("HOME", "");
        if (options.Tty) variables.Set("TERM", "xterm");
        SpecEnvironment.Add(variables, options.Environment);
        OciUser identity = user is null
            ? model.User
            : model.User with { Uid = user.Uid, Gid = user.Gid, AdditionalGids = SpecProcess.Groups(user) };
        return model with
        {
            Terminal = options.Tty,
            ConsoleSize = null,
            Args = options.Command,
            Env = variables.ToList(),
            Cwd = options.WorkingDirectory is null ? model.Cwd : SpecProcess.WorkingDirectory(options.WorkingDirectory),
            User = identity,
            Capabilities = SpecSecurity.Sets(capabilities, Asked(model, identity), identity.Uid),
        };
    }

    // What was asked for was for the container's own user; another one does not get it.
    private static CapabilitySet Asked(OciProcess model, OciUser user) =>
        CapabilitySet.Parse(user.Uid == model.User.Uid ? model.Capabilities?.Ambient ?? [] : []);

    // The monitor gets the file, not its name: it is nobody else's from the beginning.
    private SafeFileHandle WriteProcess(string id, OciProcess process)
    {
        string path = Path.Join(store.RunDirectory(id), $"exec-{Guid.NewGuid():N}.json");
        SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        try
        {
            File.Delete(path);
            RandomAccess.Write(file, OciDocument.Write(process), 0);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
