using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Cgroups;

/// <summary>
/// Against a directory that looks like resctrl: the test machines' processors have none, so what the kernel does with
/// what is written is not tested.
/// </summary>
public sealed class ResctrlGroupTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("resctrl-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_class_that_exists_takes_the_process()
    {
        MakeClass("gold", "    L3:0=00fff;1=0000f\n    MB:0=100;1=100\n");
        OciIntelRdt settings = new() { ClosId = "gold", Schemata = ["L3:1=f;0=fff"], MemBwSchema = "MB:0=100;1=100" };
        ResctrlGroup group = new(root, settings, "id");
        group.Enter(42);
        Assert.Equal("42", File.ReadAllText(root + "/gold/tasks"));
        Assert.Null(group.OwnDirectory);
    }

    [Fact]
    public void A_class_with_another_schema_is_refused()
    {
        MakeClass("gold", "L3:0=fff\n");
        ResctrlGroup group = new(root, new OciIntelRdt { ClosId = "gold", L3CacheSchema = "L3:0=ff" }, "id");
        Assert.Contains("another schema than 'L3:0=ff'", Assert.Throws<CgroupException>(() => group.Enter(42)).Message);
        Assert.Equal("", File.ReadAllText(root + "/gold/tasks"));
    }

    [Fact]
    public void A_class_that_is_only_named_must_exist()
    {
        ResctrlGroup group = new(root, new OciIntelRdt { ClosId = "gold" }, "id");
        Assert.Contains("does not exist", Assert.Throws<CgroupException>(() => group.Enter(42)).Message);
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void What_was_made_goes_when_the_kernel_does_not_take_it()
    {
        ResctrlGroup group = new(root, new OciIntelRdt { Schemata = ["L3:0=fff"] }, "id");
        Assert.Equal(root + "/id", group.OwnDirectory);
        Assert.Throws<SystemCallException>(() => group.Enter(42));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void A_monitoring_group_in_a_class_that_stays_is_the_containers()
    {
        ResctrlGroup group = new(root, new OciIntelRdt { ClosId = "gold", EnableMonitoring = true }, "id");
        Assert.Equal(root + "/gold/mon_groups/id", group.OwnDirectory);
    }

    private void MakeClass(string name, string schemata)
    {
        Directory.CreateDirectory($"{root}/{name}");
        File.WriteAllText($"{root}/{name}/schemata", schemata);
        File.WriteAllText($"{root}/{name}/tasks", "");
    }
}
