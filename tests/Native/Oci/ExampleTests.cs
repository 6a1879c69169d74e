using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Native.Tests.Oci;

/// <summary>
/// An example, in our words, of every section of the specification's config.md and config-linux.md: accepted, and
/// written as it was read.
/// </summary>
public sealed class ExampleTests
{
    private const string All = "\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\",\"path\":\"/run/netns/blue\"},"
        + "{\"type\":\"mount\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},{\"type\":\"user\"},{\"type\":\"cgroup\"},"
        + "{\"type\":\"time\"}],\"uidMappings\":[{\"containerID\":0,\"hostID\":1000,\"size\":32000}],"
        + "\"gidMappings\":[{\"containerID\":0,\"hostID\":1000,\"size\":32000}]";

    [Theory]
    [InlineData("ociVersion", "\"1.0.2-dev\"")]
    [InlineData("root", "{\"path\":\"/srv/images/base\",\"readonly\":true}")]
    [InlineData("mounts", "[{\"destination\":\"/scratch\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",\"options\":[\"nosuid\",\"size=1g\"]},"
        + "{\"destination\":\"/data\",\"source\":\"/volumes/a\",\"options\":[\"rbind\",\"rro\"]}]")]
    [InlineData("mounts", "[{\"destination\":\"/data\",\"type\":\"none\",\"source\":\"/v\",\"options\":[\"bind\",\"idmap\"],"
        + "\"uidMappings\":[{\"containerID\":0,\"hostID\":5,\"size\":1}],\"gidMappings\":[{\"containerID\":0,\"hostID\":6,\"size\":1}]}]")]
    [InlineData("process.consoleSize", "{\"height\":25,\"width\":80}")]
    [InlineData("process.env", "[\"TERM=xterm\",\"EMPTY=\",\"A=b=c\"]")]
    [InlineData("process.user", "{\"uid\":1,\"gid\":2,\"umask\":63,\"additionalGids\":[5,6]}")]
    [InlineData("process.capabilities", "{\"bounding\":[\"CAP_KILL\"],\"permitted\":[\"CAP_KILL\"],\"inheritable\":[],"
        + "\"effective\":[\"CAP_KILL\"],\"ambient\":[\"CAP_KILL\"]}")]
    [InlineData("process.rlimits", "[{\"type\":\"RLIMIT_NOFILE\",\"hard\":1024,\"soft\":512},"
        + "{\"type\":\"RLIMIT_CORE\",\"hard\":18446744073709551615,\"soft\":0}]")]
    [InlineData("process.scheduler", "{\"policy\":\"SCHED_DEADLINE\",\"runtime\":1,\"deadline\":2,\"period\":3,"
        + "\"flags\":[\"SCHED_FLAG_RECLAIM\"]}")]
    [InlineData("process.ioPriority", "{\"class\":\"IOPRIO_CLASS_IDLE\",\"priority\":4}")]
    [InlineData("process.execCPUAffinity", "{\"initial\":\"7\",\"final\":\"0-3,7\"}")]
    [InlineData("hooks", "{\"prestart\":[{\"path\":\"/a\",\"args\":[\"a\",\"-b\"],\"env\":[\"k=v\"],\"timeout\":3}],"
        + "\"createRuntime\":[{\"path\":\"/b\"}],\"createContainer\":[{\"path\":\"/c\"}],"
        + "\"startContainer\":[{\"path\":\"/d\"}],\"poststart\":[{\"path\":\"/e\"}],\"poststop\":[{\"path\":\"/f\"}]}")]
    [InlineData("annotations", "{\"org.example.gpu-cores\":\"2\",\"empty\":\"\"}")]
    [InlineData("linux", "{" + All + "}")]
    [InlineData("linux", "{" + All + ",\"timeOffsets\":{\"monotonic\":{\"secs\":-5,\"nanosecs\":1},\"boottime\":{\"secs\":7}}}")]
    [InlineData("linux", "{\"devices\":[{\"path\":\"/dev/fuse\",\"type\":\"c\",\"major\":10,\"minor\":229,\"fileMode\":438,"
        + "\"uid\":0,\"gid\":0},{\"path\":\"/dev/fifo\",\"type\":\"p\"}]}")]
    [InlineData("linux", "{" + All + ",\"netDevices\":{\"eth1\":{\"name\":\"container_eth1\"},\"ens4\":{}}}")]
    [InlineData("linux", "{\"cgroupsPath\":\"/myRuntime/myContainer\",\"resources\":{\"devices\":[{\"allow\":false,\"access\":\"rwm\"},"
        + "{\"allow\":true,\"type\":\"c\",\"major\":10,\"minor\":229,\"access\":\"rw\"}]}}")]
    [InlineData("linux", "{\"cgroupsPath\":\"machine.slice:libpod:abc\"}")]
    [InlineData("linux", "{\"resources\":{\"memory\":{\"limit\":536870912,\"reservation\":536870912,\"swap\":536870912,\"kernel\":-1,"
        + "\"kernelTCP\":-1,\"swappiness\":0,\"disableOOMKiller\":false,\"checkBeforeUpdate\":true,\"useHierarchy\":true}}}")]
    [InlineData("linux", "{\"resources\":{\"cpu\":{\"shares\":1024,\"quota\":1000000,\"burst\":1000000,\"period\":500000,"
        + "\"realtimeRuntime\":950000,\"realtimePeriod\":1000000,\"cpus\":\"2-3\",\"mems\":\"0-7\",\"idle\":0}}}")]
    [InlineData("linux", "{\"resources\":{\"blockIO\":{\"weight\":10,\"leafWeight\":10,\"weightDevice\":[{\"major\":8,\"minor\":0,"
        + "\"weight\":500,\"leafWeight\":300}],\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":600}],"
        + "\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":16,\"rate\":300}]}}}")]
    [InlineData("linux", "{\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":209715200},"
        + "{\"pageSize\":\"64KB\",\"limit\":1000000}]}}")]
    [InlineData("linux", "{\"resources\":{\"network\":{\"classID\":1048577,\"priorities\":[{\"name\":\"eth0\",\"priority\":500}]}}}")]
    [InlineData("linux", "{\"resources\":{\"pids\":{\"limit\":32771},\"rdma\":{\"mlx5_1\":{\"hcaHandles\":3,\"hcaObjects\":10000},"
        + "\"mlx4_0\":{\"hcaObjects\":1000}}}}")]
    [InlineData("linux", "{\"resources\":{\"unified\":{\"io.max\":\"259:0 rbps=2097152 wiops=120\\n253:0 rbps=2097152\","
        + "\"hugetlb.1GB.max\":\"1073741824\"}}}")]
    [InlineData("linux", "{\"intelRdt\":{\"closID\":\"guaranteed_group\",\"schemata\":[\"L3:0=7f0;1=1f\",\"MB:0=20;1=70\"],"
        + "\"enableMonitoring\":true}}")]
    [InlineData("linux", "{\"memoryPolicy\":{\"mode\":\"MPOL_INTERLEAVE\",\"nodes\":\"2-3\",\"flags\":[\"MPOL_F_STATIC_NODES\"]}}")]
    [InlineData("linux", "{" + All + ",\"sysctl\":{\"net.ipv4.ip_forward\":\"1\",\"kernel.shmmax\":\"68719476736\"}}")]
    [InlineData("linux", "{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultErrnoRet\":1,\"architectures\":[\"SCMP_ARCH_X86\","
        + "\"SCMP_ARCH_X32\"],\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],\"listenerPath\":\"/run/agent.sock\",\"listenerMetadata\":\"x\","
        + "\"syscalls\":[{\"names\":[\"getcwd\",\"chmod\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":5,\"args\":[{\"index\":0,"
        + "\"value\":2,\"valueTwo\":3,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}}")]
    [InlineData("linux", "{\"rootfsPropagation\":\"slave\",\"maskedPaths\":[\"/proc/kcore\"],\"readonlyPaths\":[\"/proc/sys\"],"
        + "\"mountLabel\":\"system_u:object_r:svirt_sandbox_file_t:s0:c715,c811\",\"personality\":{\"domain\":\"LINUX32\"}}")]
    public void AnExampleIsAccepted(string path, string json)
    {
        OciSpec spec = OciDocument.ReadSpec(Documents.With(path, json));
        byte[] written = OciDocument.Write(spec);
        Assert.Equal(written, OciDocument.Write(OciDocument.ReadSpec(written)));
    }
}
