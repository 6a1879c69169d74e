using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;

namespace Container.Runtime.Commands;

/// <summary><c>psrun spec [--bundle DIR] [--rootless]</c></summary>
internal sealed class SpecCommand : Command
{
    public override string Name => "spec";

    public override string Summary => "write a config.json to start from";

    public override string Operands => "";

    public override Option[] Options =>
    [
        new("bundle", "directory to write to (default: the current one)", 'b', "DIR"),
        new("rootless", "for a user who is not root"),
    ];

    public override int LeastOperands => 0;

    public override int MostOperands => 0;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        string bundle = HostPath.Absolute(arguments.Value("bundle") is { Length: > 0 } given ? given : ".");
        string path = bundle + "/config.json";
        OciSpec spec = arguments.Flag("rootless") ? DefaultSpec.CreateRootless() : DefaultSpec.Create();
        if (CgroupHost.Mode != "v2") spec = WithoutCgroupNamespace(spec);
        byte[] json = [.. OciDocument.Write(spec, indented: true), (byte)'\n'];
        FileDescriptor file;
        try
        {
            file = FileCalls.Open(path, FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL, 0x1B6);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EEXIST)
        {
            throw new RuntimeException($"{path} exists: remove it first");
        }

        using (file) FileCalls.WriteAll(file.Number, json, path);
        return 0;
    }

    // As runc and crun have it: scripts that add the namespace would find it listed twice.
    private static OciSpec WithoutCgroupNamespace(OciSpec spec)
    {
        List<OciNamespace> namespaces = [];
        foreach (OciNamespace item in spec.Linux!.Namespaces!)
        {
            if (item.Type != "cgroup") namespaces.Add(item);
        }

        return spec with { Linux = spec.Linux with { Namespaces = namespaces } };
    }
}
