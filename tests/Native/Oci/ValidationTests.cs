using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Container.Native.Json;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Native.Tests.Oci;

public sealed class ValidationTests
{
    private const string Uts = "\"namespaces\":[{\"type\":\"uts\"}]";
    private const string User = "\"namespaces\":[{\"type\":\"user\"}]";

    [Theory]
    [InlineData("ociVersion", null, "ociVersion is missing")]
    [InlineData("ociVersion", "\"\"", "ociVersion is missing")]
    [InlineData("ociVersion", "\"one\"", "ociVersion: 'one' is not a version")]
    [InlineData("ociVersion", "\"1.0\"", "ociVersion: '1.0' is not a version")]
    [InlineData("ociVersion", "\"2.0.0\"", "ociVersion: '2.0.0' is not supported, this runtime follows 1.3.0")]
    [InlineData("root", null, "root is missing")]
    [InlineData("root.path", "\"\"", "root.path is missing")]
    [InlineData("process", null, "process is missing")]
    [InlineData("process.args", null, "process.args is missing")]
    [InlineData("process.args", "[]", "process.args is empty")]
    [InlineData("process.args", "[\"\"]", "process.args[0] is empty")]
    [InlineData("process.cwd", null, "process.cwd is missing")]
    [InlineData("process.cwd", "\"work\"", "process.cwd: 'work' is not absolute")]
    [InlineData("process.env", "[\"A=b\",\"C\"]", "process.env[1]: 'C' has no '='")]
    [InlineData("process.env", "[\"=b\"]", "process.env[0]: '=b' has no name")]
    [InlineData("process.user.uid", "4294967295", "process.user.uid: 4294967295 is not a valid id")]
    [InlineData("process.user.umask", "512", "process.user.umask: 512 is more than 511 (octal 777)")]
    [InlineData("process.user.additionalGids", "[0,4294967295]", "process.user.additionalGids[1]: 4294967295 is not a valid id")]
    [InlineData("process.oomScoreAdj", "1001", "process.oomScoreAdj: 1001 is not between -1000 and 1000")]
    [InlineData("process.rlimits", "[{\"hard\":1,\"soft\":1}]", "process.rlimits[0].type is missing")]
    [InlineData("process.rlimits", "[{\"type\":\"RLIMIT_X\"}]", "process.rlimits[0].type: 'RLIMIT_X' is not known")]
    [InlineData("process.rlimits", "[{\"type\":\"RLIMIT_CPU\"},{\"type\":\"RLIMIT_CPU\"}]", "process.rlimits[1].type: 'RLIMIT_CPU' is listed twice")]
    [InlineData("process.rlimits", "[{\"type\":\"RLIMIT_CPU\",\"soft\":2,\"hard\":1}]", "process.rlimits[0].soft: 2 is more than the hard limit 1")]
    [InlineData("process.scheduler", "{\"policy\":\"SCHED_X\"}", "process.scheduler.policy: 'SCHED_X' is not known")]
    [InlineData("process.scheduler", "{\"policy\":\"SCHED_RR\",\"flags\":[\"X\"]}", "process.scheduler.flags[0]: 'X' is not known")]
    [InlineData("process.ioPriority", "{\"class\":\"X\"}", "process.ioPriority.class: 'X' is not known")]
    [InlineData("process.ioPriority", "{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":8}", "process.ioPriority.priority: 8 is not between 0 and 7")]
    [InlineData("process.execCPUAffinity", "{\"final\":\"1-\"}", "process.execCPUAffinity.final: '1-' is not a list such as '0-3,7'")]
    [InlineData("process.consoleSize", "{\"height\":65536,\"width\":1}", "process.consoleSize.height: 65536 is not between 0 and 65535")]
    [InlineData("mounts", "[{}]", "mounts[0].destination is missing")]
    [InlineData("mounts", "[{\"destination\":\"/a\"},{\"destination\":\"\"}]", "mounts[1].destination is missing")]
    [InlineData("mounts", "[{\"destination\":\"/a\",\"uidMappings\":[{\"size\":1}]}]", "mounts[0]: uidMappings and gidMappings must be given together")]
    [InlineData("hooks.prestart", "[{}]", "hooks.prestart[0].path is missing")]
    [InlineData("hooks.poststop", "[{\"path\":\"/a\"},{\"path\":\"x\"}]", "hooks.poststop[1].path: 'x' is not absolute")]
    [InlineData("hooks.startContainer", "[{\"path\":\"/a\",\"timeout\":0}]", "hooks.startContainer[0].timeout: 0 is not greater than 0")]
    [InlineData("hooks.createRuntime", "[{\"path\":\"/a\",\"env\":[\"x\"]}]", "hooks.createRuntime[0].env[0]: 'x' has no '='")]
    [InlineData("hostname", "\"x\"", "hostname: needs a uts namespace")]
    [InlineData("domainname", "\"x\"", "domainname: needs a uts namespace")]
    public void WrongConfigurationsAreRefused(string path, string? json, string message) =>
        Assert.Equal(message, Documents.Refusal(Documents.With(path, json)));

    [Theory]
    [InlineData("{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"nett\"}]}", "linux.namespaces[1].type: 'nett' is not known")]
    [InlineData("{\"namespaces\":[{}]}", "linux.namespaces[0].type is missing")]
    [InlineData("{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"ipc\"},{\"type\":\"pid\"}]}", "linux.namespaces[2].type: 'pid' is listed twice")]
    [InlineData("{\"namespaces\":[{\"type\":\"pid\",\"path\":\"proc/1/ns/pid\"}]}", "linux.namespaces[0].path: 'proc/1/ns/pid' is not absolute")]
    [InlineData("{\"uidMappings\":[{\"size\":1}]}", "linux.uidMappings: needs a user namespace")]
    [InlineData("{" + User + "}", "linux.uidMappings: missing for a new user namespace")]
    [InlineData("{" + User + ",\"uidMappings\":[{\"size\":1}]}", "linux.gidMappings: missing for a new user namespace")]
    [InlineData("{" + User + ",\"uidMappings\":[]}", "linux.uidMappings is empty")]
    [InlineData("{" + User + ",\"uidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":0}]}", "linux.uidMappings[0].size: 0 maps nothing")]
    [InlineData("{" + User + ",\"uidMappings\":[{\"containerID\":4294967295,\"size\":1}]}", "linux.uidMappings[0]: containerID 4294967295 + size 1 is beyond the last id")]
    [InlineData("{" + User + ",\"gidMappings\":[{\"hostID\":4294901760,\"size\":65536}]}", "linux.gidMappings[0]: hostID 4294901760 + size 65536 is beyond the last id")]
    [InlineData("{" + User + ",\"uidMappings\":[{\"hostID\":5,\"size\":10},{\"containerID\":9,\"hostID\":99,\"size\":1}]}", "linux.uidMappings[1]: overlaps linux.uidMappings[0] inside the container")]
    [InlineData("{" + User + ",\"uidMappings\":[{\"hostID\":5,\"size\":10},{\"containerID\":10,\"hostID\":0,\"size\":6}]}", "linux.uidMappings[1]: overlaps linux.uidMappings[0] on the host")]
    [InlineData("{\"rootfsPropagation\":\"some\"}", "linux.rootfsPropagation: 'some' is not known")]
    [InlineData("{\"maskedPaths\":[\"/a\",\"proc\"]}", "linux.maskedPaths[1]: 'proc' is not absolute")]
    [InlineData("{\"readonlyPaths\":[\"\"]}", "linux.readonlyPaths[0] is empty")]
    [InlineData("{\"cgroupsPath\":\"/a/../b\"}", "linux.cgroupsPath: '/a/../b' contains '..'")]
    [InlineData("{\"devices\":[{\"path\":\"/dev/x\",\"type\":\"d\"}]}", "linux.devices[0].type: 'd' is not known")]
    [InlineData("{\"devices\":[{\"path\":\"dev/x\",\"type\":\"c\"}]}", "linux.devices[0].path: 'dev/x' is not absolute")]
    [InlineData("{\"devices\":[{\"path\":\"/dev/x\",\"type\":\"c\",\"major\":-1}]}", "linux.devices[0].major: -1 is not between 0 and 4294967295")]
    [InlineData("{\"netDevices\":{\"eth0\":{}}}", "linux.netDevices.eth0: needs a network namespace")]
    [InlineData("{\"namespaces\":[{\"type\":\"network\"}],\"netDevices\":{\"eth0\":{\"name\":\"a/b\"}}}", "linux.netDevices.eth0.name: 'a/b' is not the name of a network interface")]
    [InlineData("{\"namespaces\":[{\"type\":\"network\"}],\"netDevices\":{\"..\":{}}}", "linux.netDevices['..']: not the name of a network interface")]
    [InlineData("{\"intelRdt\":{\"closID\":\"../x\"}}", "linux.intelRdt.closID: '../x' is not a directory name")]
    [InlineData("{\"memoryPolicy\":{\"mode\":\"MPOL_X\"}}", "linux.memoryPolicy.mode: 'MPOL_X' is not known")]
    [InlineData("{\"personality\":{\"domain\":\"BSD\"}}", "linux.personality.domain: 'BSD' is not known")]
    [InlineData("{\"timeOffsets\":{\"boottime\":{\"secs\":1}}}", "linux.timeOffsets.boottime: needs a time namespace")]
    [InlineData("{\"timeOffsets\":{\"realtime\":{\"secs\":1}}}", "linux.timeOffsets.realtime: not monotonic or boottime")]
    [InlineData("{\"namespaces\":[{\"type\":\"time\"}],\"timeOffsets\":{\"boottime\":{\"nanosecs\":1000000000}}}", "linux.timeOffsets.boottime.nanosecs: 1000000000 is not between 0 and 999999999")]
    public void WrongLinuxPartsAreRefused(string linux, string message) =>
        Assert.Equal(message, Documents.Refusal(Documents.With("linux", linux)));

    [Theory]
    [InlineData("devices", "[{\"allow\":true,\"type\":\"x\"}]", "linux.resources.devices[0].type: 'x' is not a, b or c")]
    [InlineData("devices", "[{\"allow\":true,\"access\":\"rwa\"}]", "linux.resources.devices[0].access: 'rwa' is not made of r, w and m")]
    [InlineData("devices", "[{\"allow\":true,\"access\":\"rwx\"}]", "linux.resources.devices[0].access: 'rwx' is not made of r, w and m")]
    [InlineData("memory.limit", "-2", "linux.resources.memory.limit: -2 is not between -1 and 9223372036854775807")]
    [InlineData("memory", "{\"limit\":20,\"swap\":10}", "linux.resources.memory.swap: 10 is less than the memory limit 20")]
    [InlineData("memory.swappiness", "101", "linux.resources.memory.swappiness: 101 is more than 100")]
    [InlineData("cpu.cpus", "\"a\"", "linux.resources.cpu.cpus: 'a' is not a list such as '0-3,7'")]
    [InlineData("cpu.mems", "\"0,,1\"", "linux.resources.cpu.mems: '0,,1' is not a list such as '0-3,7'")]
    [InlineData("cpu.idle", "2", "linux.resources.cpu.idle: 2 is not between 0 and 1")]
    [InlineData("pids.limit", "-2", "linux.resources.pids.limit: -2 is not between -1 and 9223372036854775807")]
    [InlineData("blockIO.weight", "9", "linux.resources.blockIO.weight: 9 is not between 10 and 1000")]
    [InlineData("blockIO.weightDevice", "[{\"weight\":1001}]", "linux.resources.blockIO.weightDevice[0].weight: 1001 is not between 10 and 1000")]
    [InlineData("hugepageLimits", "[{\"limit\":1}]", "linux.resources.hugepageLimits[0].pageSize is missing")]
    [InlineData("hugepageLimits", "[{\"pageSize\":\"../2MB\"}]", "linux.resources.hugepageLimits[0].pageSize: '../2MB' is not a size such as '2MB'")]
    [InlineData("network.priorities", "[{\"priority\":1}]", "linux.resources.network.priorities[0].name is missing")]
    [InlineData("unified", "{\"../memory.max\":\"1\"}", "linux.resources.unified['../memory.max']: not the name of a cgroup file")]
    public void WrongLimitsAreRefused(string path, string json, string message) =>
        Assert.Equal(message, Documents.Refusal(Documents.With("linux.resources." + path, json)));

    [Theory]
    [InlineData("{}", "linux.seccomp.defaultAction is missing")]
    [InlineData("{\"defaultAction\":\"ALLOW\"}", "linux.seccomp.defaultAction: 'ALLOW' is not known")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_NOTIFY\",\"listenerPath\":\"/s\"}", "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY would stop the container before it starts")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_Z80\"]}", "linux.seccomp.architectures[0]: 'SCMP_ARCH_Z80' is not known")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":[\"X\"]}", "linux.seccomp.flags[0]: 'X' is not known")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"s\"}", "linux.seccomp.listenerPath: 's' is not absolute")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerMetadata\":\"s\"}", "linux.seccomp.listenerMetadata: needs listenerPath")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"action\":\"SCMP_ACT_ERRNO\"}]}", "linux.seccomp.syscalls[0].names is missing")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"\"],\"action\":\"SCMP_ACT_ERRNO\"}]}", "linux.seccomp.syscalls[0].names[0] is empty")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"x\"]}]}", "linux.seccomp.syscalls[0].action is missing")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"x\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}", "linux.seccomp.syscalls[0].action: SCMP_ACT_NOTIFY needs listenerPath")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"/s\",\"syscalls\":[{\"names\":[\"x\",\"write\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}", "linux.seccomp.syscalls[0].names[1]: SCMP_ACT_NOTIFY cannot be used for the write syscall")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"x\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":6,\"op\":\"SCMP_CMP_EQ\"}]}]}", "linux.seccomp.syscalls[0].args[0].index: 6 is not between 0 and 5")]
    [InlineData("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"x\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":1,\"op\":\"==\"}]}]}", "linux.seccomp.syscalls[0].args[0].op: '==' is not known")]
    public void WrongFiltersAreRefused(string seccomp, string message) =>
        Assert.Equal(message, Documents.Refusal(Documents.With("linux.seccomp", seccomp)));

    [Theory]
    [InlineData("kernel.panic", "not namespaced, it would change the whole host")]
    [InlineData("kernel.core_pattern", "not namespaced, it would change the whole host")]
    [InlineData("net/../kernel/core_pattern", "not the name of a kernel parameter")]
    [InlineData("net....kernel.core_pattern", "not the name of a kernel parameter")]
    [InlineData("net.ipv4/x/../../..", "not the name of a kernel parameter")]
    [InlineData("/net/ipv4", "not the name of a kernel parameter")]
    [InlineData("net", "not the name of a kernel parameter")]
    [InlineData("net.ipv4.a+kernel.core_pattern", "not the name of a kernel parameter")]
    [InlineData("kernel.hostname", "set by 'hostname' instead")]
    [InlineData("net.ipv4.ip_forward", "needs a network namespace")]
    [InlineData("kernel.shm_rmid_forced", "needs a ipc namespace")]
    public void ParametersOfTheHostAreRefused(string name, string message)
    {
        byte[] json = Documents.With("linux", "{" + Uts + ",\"sysctl\":{\"" + name + "\":\"1\"}}");
        DocumentException exception = Assert.Throws<DocumentException>(() => OciDocument.ReadSpec(json));
        Assert.EndsWith(": " + message, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("linux.sysctl", exception.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.org", true)]
    [InlineData("example.com", false)]
    public void ASecondDomainnameIsRefused(string value, bool accepted)
    {
        string linux = "{" + Uts + ",\"sysctl\":{\"kernel.domainname\":\"" + value + "\"}}";
        JsonNode document = JsonNode.Parse(Documents.With("linux", linux))!;
        document["domainname"] = "example.org";
        byte[] json = Encoding.UTF8.GetBytes(document.ToJsonString());
        if (accepted) Assert.Equal("example.org", OciDocument.ReadSpec(json).Domainname);
        else Assert.EndsWith(": says another name than 'domainname'", Documents.Refusal(json), StringComparison.Ordinal);
    }

    [Fact]
    public void AMapOf70000BytesIsRefused()
    {
        StringBuilder map = new("[");
        for (int i = 0; i < 5000; i++)
            map.Append(CultureInfo.InvariantCulture, $"{{\"containerID\":{i},\"hostID\":{100_000 + i},\"size\":1}},");
        map.Length--;
        Assert.Equal(
            "linux.uidMappings: has 5000 ranges, the kernel takes 340",
            Documents.Refusal(Documents.With("linux", "{" + User + ",\"uidMappings\":" + map + "]}")));
    }

    [Fact]
    public void AMapLongerThanAPageIsRefused()
    {
        StringBuilder map = new("[");
        for (int i = 0; i < 340; i++)
        {
            map.Append(
                CultureInfo.InvariantCulture,
                $"{{\"containerID\":{1_000_000_000 + (i * 10)},\"hostID\":{2_000_000_000 + (i * 10)},\"size\":10}},");
        }

        map.Length--;
        Assert.Equal(
            "linux.uidMappings: is 8500 bytes as text, the kernel takes 4095",
            Documents.Refusal(Documents.With("linux", "{" + User + ",\"uidMappings\":" + map + "]}")));
    }

    [Fact]
    public void FiveThousandNamespacesAreRefused() => Assert.Equal(
        "linux.namespaces[1].type: 'pid' is listed twice",
        Documents.Refusal(Documents.With(
            "linux", "{\"namespaces\":[" + string.Join(',', Enumerable.Repeat("{\"type\":\"pid\"}", 5000)) + "]}")));

    [Theory]
    [InlineData("{\"args\":[]}", "args is empty")]
    [InlineData("{\"args\":[\"sh\"],\"cwd\":\"x\"}", "cwd: 'x' is not absolute")]
    [InlineData("{\"args\":[\"sh\"],\"cwd\":\"/\",\"user\":{\"uid\":\"root\"}}", "user.uid: expected a number, found a string")]
    public void WrongProcessesOfExecAreRefused(string json, string message) => Assert.Equal(
        message,
        Assert.Throws<DocumentException>(() => OciDocument.ReadProcess(Encoding.UTF8.GetBytes(json))).Message);

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.0.2-dev")]
    [InlineData("1.1.0+dev")]
    [InlineData("1.3.0")]
    [InlineData("1.4.0")]
    public void VersionsOfTheSameMajorAreAccepted(string version) =>
        Assert.Equal(version, OciDocument.ReadSpec(Documents.With("ociVersion", $"\"{version}\"")).OciVersion);
}
