using Container.Engine.Cgroups;
using Xunit;

namespace Container.Engine.Tests.Cgroups;

public sealed class CgroupAccessTests : IDisposable
{
    private readonly string mount = Directory.CreateTempSubdirectory("pscontainer-cgroups-").FullName;

    public void Dispose() => Directory.Delete(mount, recursive: true);

    [Fact]
    public void Containers_go_below_the_topmost_group_that_is_ours()
    {
        Make("/own", controllers: "cpu memory pids", enabled: "memory", processes: "");
        Make("/own/leaf", controllers: "memory", enabled: "", processes: "1\n2\n");

        CgroupAccess access = CgroupAccess.Delegated(mount, "/own/leaf")!;

        Assert.Equal("/own/pscontainer", access.Parent);
        Assert.Equal(["cpu", "memory", "pids"], access.Controllers.Order());
    }

    [Fact]
    public void A_group_with_processes_hands_on_what_it_does_already()
    {
        Make("/own", controllers: "cpu memory pids", enabled: "pids", processes: "7\n");

        Assert.Equal(["pids"], CgroupAccess.Delegated(mount, "/own")!.Controllers);
    }

    [Fact]
    public void Without_one_there_is_none()
    {
        Make("/theirs", controllers: "cpu", enabled: "", processes: "");
        File.Delete(mount + "/theirs/cgroup.procs");

        Assert.Null(CgroupAccess.Delegated(mount, "/theirs"));
        Assert.Null(CgroupAccess.Delegated(mount, "/"));
    }

    private void Make(string path, string controllers, string enabled, string processes)
    {
        Directory.CreateDirectory(mount + path);
        File.WriteAllText($"{mount}{path}/cgroup.controllers", controllers + "\n");
        File.WriteAllText($"{mount}{path}/cgroup.subtree_control", enabled + "\n");
        File.WriteAllText($"{mount}{path}/cgroup.procs", processes);
    }
}
