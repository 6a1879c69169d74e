using System.Diagnostics;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Tests.Containers;
using Container.Engine.Tests.Unprivileged;
using Container.Engine.Volumes;
using Xunit;

namespace Container.Engine.Tests.Volumes;

/// <summary>Sizes of volumes and of roots, on a file system of its own that has project quotas, or has none.</summary>
public sealed class QuotaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mkfs.ext4", "-q -O quota,project -E quotatype=prjquota")]
    [InlineData("mkfs.xfs", "-q -f")]
    public void A_volume_and_a_root_take_as_much_as_they_may(string program, string arguments)
    {
        using TestEngine test = TestEngine.WithRuntime();
        using IDisposable disk = Mount(test, program, arguments, "prjquota")
            ?? throw Skip("this kernel has no project quotas: tests/Conformance/uml/engine.sh runs it");
        test.Engine.Volumes.Create(new VolumeConfiguration { Name = "small", Size = 2 << 20 }, Cancellation);
        test.Engine.Volumes.Create(new VolumeConfiguration { Name = "free" }, Cancellation);
        string[] lines = Run(test, """
            for f in /small/f /f /free/f; do dd if=/dev/zero of=$f bs=64k count=80 2>/dev/null; echo $? $(stat -c %s $f); done
            busybox rm /small/f /f; head -c 1000000 /dev/zero > /small/g && head -c 500000 /dev/zero > /g && echo again
            echo more >> /etc/passwd && tail -n 1 /etc/passwd
            for f in /etc/hosts /etc/hostname /etc/resolv.conf; do dd if=/dev/zero of=$f bs=64k count=80 2>/dev/null && echo $f; done
            echo $(cat /etc/hosts /etc/hostname /etc/resolv.conf | wc -c)
            """);

        Assert.Equal("1", lines[0][..1]);
        Assert.InRange(int.Parse(lines[0][2..]), 1 << 20, 2 << 20);
        Assert.Equal("1", lines[1][..1]);
        Assert.InRange(int.Parse(lines[1][2..]), 1 << 20, 3 << 20);
        Assert.Equal(["0 5242880", "again", "more"], lines[2..^1]);

        // What the engine gives it to write is none on top of that.
        Assert.InRange(int.Parse(lines[^1]), 0, 3 << 20);

        // It is the limit of this volume, not of the next one that has its name.
        foreach (ContainerRecord made in test.Containers.List()) test.Containers.Remove(made.Id, true, Cancellation);
        test.Engine.Volumes.Remove("small", Cancellation);
        test.Engine.Volumes.Create(new VolumeConfiguration { Name = "small" }, Cancellation);
        Assert.Equal(
            "0 5242880",
            Run(test, "dd if=/dev/zero of=/small/f bs=64k count=80 2>/dev/null; echo $? $(stat -c %s /small/f)")[0]);
    }

    [Fact]
    public void Without_quotas_a_size_is_refused_and_nothing_is_left()
    {
        using TestEngine test = TestEngine.WithRuntime();
        using IDisposable? disk = Environment.IsPrivilegedProcess
            ? Mount(test, "mount", "", "size=64m") ?? throw Skip("mounting a tmpfs is not allowed here")
            : null;
        test.Engine.Images.ImportRootFs(test.MakeRootFs(), "busybox", cancellation: Cancellation);
        ContainerConfiguration sized = new()
        {
            Image = "busybox",
            Command = "/bin/sh",
            StorageOption = new Dictionary<string, string> { ["size"] = "1m" },
        };
        AssertRefused("prjquota", () => test.Engine.Volumes.Create(new() { Name = "v", Size = 1 << 20 }, Cancellation));
        AssertRefused("-StorageOption", () => test.Make(sized));
        Assert.Empty(test.Engine.Volumes.List());
        Assert.Empty(test.Containers.List());
        Assert.Empty(Directory.EnumerateDirectories($"{test.Options.StateRoot}/containers"));
        foreach ((string name, string value) in new[] { ("size", "much"), ("size", "1"), ("inodes", "5") })
        {
            EngineException failure = Assert.Throws<EngineException>(() => test.Make(
                sized with { StorageOption = new Dictionary<string, string> { [name] = value } }));
            Assert.Equal(ErrorId.InvalidConfiguration, failure.Id);
        }
    }

    private static void AssertRefused(string word, Action action)
    {
        EngineException failure = Assert.Throws<EngineException>(action);
        Assert.Equal(ErrorId.KernelFeatureMissing, failure.Id);
        if (Environment.IsPrivilegedProcess)
            Assert.Contains(word, failure.RecommendedAction!, StringComparison.Ordinal);
        else
            Assert.Contains("only root", failure.Message, StringComparison.Ordinal);
    }

    private static string[] Run(TestEngine test, string script)
    {
        if (test.Engine.Images.TryResolve("busybox") is null)
            test.Engine.Images.ImportRootFs(test.MakeRootFs(), "busybox", cancellation: Cancellation);
        ContainerRecord made = test.Make(new()
        {
            Image = "busybox",
            Command = "/bin/sh",
            ArgumentList = ["-c", script],
            Mount = [ContainerMount.Parse("small:/small"), ContainerMount.Parse("free:/free")],
            StorageOption = new Dictionary<string, string> { ["size"] = "3m" },
        });
        test.Containers.Start(made.Id, Cancellation);
        test.Containers.Wait(made.Id, Cancellation);
        return [.. test.Containers.ReadLog(made.Id, null, Cancellation).Select(entry => entry.Line)];
    }

    private static InvalidOperationException Skip(string why)
    {
        Assert.Skip(why);
        return new InvalidOperationException(why);
    }

    // At the state directory; null where the kernel cannot.
    private static Mounted? Mount(TestEngine test, string program, string arguments, string options)
    {
        TestUser.RequireRoot("mounts");
        string place = test.Options.StateRoot!;
        string disk = $"{test.Root}/disk";
        Directory.CreateDirectory(place);
        if (program == "mount") return Start("mount", $"-t tmpfs -o {options},mode=755 none {place}") ? new Mounted(place) : null;
        if (!File.Exists("/sbin/" + program)) Assert.Skip($"{program} is not installed");
        using (FileStream file = new(disk, FileMode.CreateNew)) file.SetLength(400 << 20);
        Assert.True(Start(program, $"{arguments} {disk}"));
        return Start("mount", $"-o loop,{options} {disk} {place}") ? new Mounted(place) : null;
    }

    private static bool Start(string program, string arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private sealed class Mounted(string place) : IDisposable
    {
        public void Dispose() => Start("umount", $"-l {place}");
    }
}
