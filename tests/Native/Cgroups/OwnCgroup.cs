using System.Diagnostics;
using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Cgroups;

/// <summary>A cgroup of the test's own, gone when the test ends, and processes to put into it.</summary>
internal sealed class OwnCgroup : IDisposable
{
    private readonly List<Process> processes = [];

    public OwnCgroup()
    {
        Assert.SkipUnless(Environment.UserName == "root", "making cgroups needs root");
        Assert.SkipWhen(CgroupHost.Current.Layout == CgroupLayout.None, "no cgroup file system is mounted");
        Name = "/container-tests-" + Guid.NewGuid().ToString("N");
        Manager = CgroupManager.Open(Name);
    }

    public string Name { get; }

    public CgroupManager Manager { get; }

    public static void RequireUnified() => Assert.SkipUnless(
        CgroupHost.Current.Layout == CgroupLayout.Unified,
        $"cgroup layout is {CgroupHost.Mode}, the test needs v2: tests/Conformance/uml/run.sh runs it");

    public static void RequireLegacy() => Assert.SkipUnless(
        CgroupHost.Current.Layout is CgroupLayout.Legacy or CgroupLayout.Hybrid,
        $"cgroup layout is {CgroupHost.Mode}, the test needs v1 controllers");

    /// <summary>The text of a file in the directory of a controller, or of the v2 directory.</summary>
    public string Read(string controller, string file)
    {
        string key = CgroupHost.Current.Layout == CgroupLayout.Unified ? "" : controller;
        return File.ReadAllText(Path.Combine(Manager.Paths[key], file)).Trim();
    }

    /// <summary>The owner of a file.</summary>
    public static string Stat(string path)
    {
        using Process stat = Process.Start(
            new ProcessStartInfo("stat", ["-c", "%u", path]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }

    /// <summary>
    /// A process that makes children as long as it lives, one by one and only within a limit of pids: what a kill has
    /// to outrun. The limit is set here, before it begins.
    /// </summary>
    public static Process Forker(OwnCgroup own, CgroupManager manager)
    {
        manager.Apply(new OciResources { Pids = new OciPids { Limit = 40 } });
        Process process = own.Shell("while :; do sleep 20 & sleep 0.01; done", manager);
        Poll.Until(() => manager.GetProcesses().Count > 8, "the children become more");
        return process;
    }

    /// <summary>Starts a shell, which is in the cgroup before it does anything.</summary>
    public Process Shell(string script) => Shell(script, Manager);

    /// <summary>Starts a shell in a cgroup other than this one's own.</summary>
    public Process Shell(string script, CgroupManager manager)
    {
        Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read go; " + script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        processes.Add(process);
        manager.Add(process.Id);
        process.StandardInput.WriteLine("go");
        process.StandardInput.Flush();
        return process;
    }

    public void Dispose()
    {
        try
        {
            if (Manager.Exists && Manager.IsFrozen) Manager.Thaw();
            Manager.Kill();
        }
        catch (SystemCallException)
        {
        }

        foreach (Process process in processes)
        {
            process.WaitForExit(10_000);
            process.Dispose();
        }

        Assert.True(Manager.Remove(), $"{Name} could not be removed");
        Manager.Dispose();
    }
}
