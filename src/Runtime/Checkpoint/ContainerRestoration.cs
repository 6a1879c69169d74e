using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.Mounts;
using Container.Native.Network;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Creation;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Checkpoint;

/// <summary>Makes a container of a checkpoint; where that fails nothing is left.</summary>
internal sealed class ContainerRestoration(GlobalOptions global, CreationOptions options, ParsedArguments arguments)
{
    /// <summary>The master of the container's terminal, which the caller owns; null where it has none.</summary>
    public FileDescriptor? Terminal { get; private set; }

    /// <summary>Restores; returns the container, and its lock, which the caller gives up.</summary>
    public (ContainerDirectory Directory, ContainerLock Lock) Run()
    {
        OciSpec spec = ContainerCreation.Read(options.Configuration, out byte[] json);
        ContainerCreation.CheckTerminal(spec, options);
        using DescriptorReceiver? console = DescriptorReceiver.Connect(options.ConsoleSocket);
        Criu criu = Criu.Find(global);
        CriuPaths paths = new(arguments);
        CheckpointRecord record = CheckpointRecord.Read(paths);
        (ContainerDirectory directory, ContainerLock held) = ContainerDirectory.Create(global.Root, options.Id);
        try
        {
            directory.WriteConfiguration(json);
            directory.Write(ContainerCreation.CreateState(global, options, spec));
            using CgroupManager? cgroup = directory.OpenCgroup();
            cgroup?.Create();
            cgroup?.Apply(spec.Linux?.Resources ?? new OciResources());
            CriuNetwork? network = CriuNetwork.Of(spec);
            (int pid, Terminal) = RestoredProcess.Start(
                criu, paths, network, cgroup, made => Prepare(directory, spec, network, made),
                directory.State.Rootfs, directory.Path, Describe(record, spec, directory));
            ProcessIdentity identity = ProcessIdentity.TryRead(pid)
                ?? throw new RuntimeException("the restored process ended at once");
            directory.Write(directory.State with
            {
                Pid = identity.Pid,
                PidStartTime = identity.StartTime,
                BootId = HostBoot.Id,
                IsRestored = true,
            });
            if (console is not null && Terminal is not null) console.Send(Terminal, "/dev/ptmx"u8);
            return (directory, held);
        }
        catch
        {
            ContainerRemoval.Remove(directory, global.Log);
            held.Dispose();
            throw;
        }
    }

    // The namespaces are there and the processes are not. An engine sets its network up with hooks.
    private static void Prepare(ContainerDirectory directory, OciSpec spec, CriuNetwork? network, int pid)
    {
        if (network is { Path: null })
        {
            using FileDescriptor process = ChildProcess.Open(pid);
            Loopback.Raise(process);
        }

        new ContainerHooks(spec, status => directory.Describe(status) with { Pid = pid }, static () => new LaunchOptions())
            .RunCreateRuntime();
    }

    private List<string> Describe(CheckpointRecord record, OciSpec spec, ContainerDirectory directory)
    {
        List<string> described = CriuOptions.Translate(arguments);
        foreach ((string target, string source) in record.Mounts)
            described.AddRange(["--external", $"mnt[{target}]:{Locate(target, source, record, spec, directory)}"]);

        // Our own streams take the place of those that were outside.
        for (int i = 0; i < record.Streams.Count; i++)
        {
            if (record.Streams[i].Length > 0)
                described.AddRange(["--inherit-fd", $"fd[{i}]:{record.Streams[i]}"]);
        }

        if (directory.State.Cgroup is not null && record.Cgroup is not null)
            described.AddRange(["--cgroup-root", directory.State.Cgroup]);
        AddLabel(described, "lsm-profile");
        AddLabel(described, "lsm-mount-context");
        return described;
    }

    private void AddLabel(List<string> described, string option)
    {
        if (arguments.Value(option) is { Length: > 0 } label) described.AddRange(["--" + option, label]);
    }

    /// <summary>Where the source is now: the new bundle may bind other files, and the cgroup may have another path.</summary>
    private string Locate(
        string target, string source, CheckpointRecord record, OciSpec spec, ContainerDirectory directory)
    {
        foreach (OciMount mount in spec.Mounts ?? [])
        {
            bool isBind = mount.Type == "bind" || MountOptions.Parse(mount.Options).IsBind;
            if (isBind && mount.Destination.TrimEnd('/') == target && mount.Source is not null)
                return HostPath.Absolute(mount.Source, options.Bundle);
        }

        return record.Cgroup is { } before && directory.State.Cgroup is { } now &&
            source.EndsWith(before, StringComparison.Ordinal)
            ? source[..^before.Length] + now
            : source;
    }
}
