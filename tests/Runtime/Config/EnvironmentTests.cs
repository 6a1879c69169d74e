using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>What a process finds in its environment, where the document leaves it open.</summary>
public sealed class EnvironmentTests : ConfigTest
{
    private const string Users = "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000::/srv/web:/bin/sh\nlast:x:7:7::/last";

    private string Passwd => Rootfs + "/etc/passwd";

    [Theory]
    [InlineData(0, "/root")]
    [InlineData(1000, "/srv/web")]
    [InlineData(7, "/last")]
    [InlineData(77, "/")]
    public void HomeIsThatOfTheContainersPasswordFile(int user, string home)
    {
        File.WriteAllText(Passwd, Users);
        Process["user"] = new JsonObject { ["uid"] = user, ["gid"] = user };
        Process["env"] = Strings("PATH=/bin");
        Assert.Equal(["PATH=/bin", "HOME=" + home], Variables());
    }

    [Fact]
    public void AnEmptyHomeIsNone()
    {
        File.WriteAllText(Passwd, Users);
        Process["env"] = Strings("HOME=", "PATH=/bin");
        Assert.Equal(["PATH=/bin", "HOME=/root"], Variables());
    }

    [Fact]
    public void AHomeThatIsGivenStays()
    {
        File.WriteAllText(Passwd, Users);
        Process["env"] = Strings("HOME=/given", "PATH=/bin");
        Assert.Equal(["HOME=/given", "PATH=/bin"], Variables());
    }

    [Fact]
    public void WithoutAPasswordFileItIsTheRoot()
    {
        Process["env"] = Strings("PATH=/bin");
        Assert.Equal(["PATH=/bin", "HOME=/"], Variables());
    }

    [Theory]
    [InlineData("root:x:4294967296:0::/overflow:")]
    [InlineData("root:x: 0:0::/space:")]
    [InlineData("root:x:0x0:0::/letters:")]
    [InlineData("root:x::0::/empty:")]
    [InlineData("root:x:-0:0::/sign:")]
    [InlineData("root:x:0:0::relative:")]
    [InlineData("root:x:0:0:::")]
    [InlineData("root:x:0:0:")]
    [InlineData("root:x:0:0::/nul\0byte:")]
    [InlineData("")]
    public void WhatIsNoEntryIsPassedOver(string line)
    {
        File.WriteAllText(Passwd, line);
        Assert.Contains("HOME=/", Variables());
    }

    [Fact]
    public void TheFirstEntryCounts()
    {
        File.WriteAllText(Passwd, "# 0:0:0\n\n:::::::\nfirst:x:0:0:a b:/first:/bin/sh\nsecond:x:0:0::/second:/bin/sh\n");
        Assert.Contains("HOME=/first", Variables());
    }

    [Theory]
    [InlineData(4095, true)]
    [InlineData(4096, false)]
    public void AHomeIsAPath(int length, bool fits)
    {
        string home = "/" + new string('h', length - 1);
        File.WriteAllText(Passwd, $"{new string('n', 10_000)}:x:0:0::{home}:/bin/sh\n");
        Assert.Contains("HOME=" + (fits ? home : "/"), Variables());
    }

    [Theory]
    [InlineData("link", "/proc/kmsg")]
    [InlineData("link", "/proc/self/status")]
    [InlineData("link", "/sys/kernel/vmcoreinfo")]
    [InlineData("link", "/dev/zero")]
    [InlineData("link", "/etc/passwd")]
    [InlineData("link", "/proc/self/fd/0")]
    [InlineData("fifo", null)]
    [InlineData("directory", null)]
    [InlineData("hole", null)]
    public void WhatStandsAtItsPlaceDoesNoHarm(string kind, string? target)
    {
        if (kind == "link") File.CreateSymbolicLink(Passwd, target!);
        else if (kind == "directory") Directory.CreateDirectory(Passwd);
        else if (kind == "fifo") SecurityBundle.Execute("mkfifo", [Passwd], 0);
        else SecurityBundle.Execute("truncate", ["-s", "3G", Passwd], 0);
        Assert.Contains("HOME=/", Variables());
        if (target != "/proc/kmsg") return;

        // A read would wait for the next message or take those that are there.
        string trace = Bundle.Path + "/trace";
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        SecurityBundle.Execute(
            "strace", ["-f", "-y", "-o", trace, "-e", "trace=read", Psrun.Executable, "--root", Psrun.Root, "run", "-b", Bundle.Path, Id], 0);
        Assert.DoesNotContain("kmsg", File.ReadAllText(trace), StringComparison.Ordinal);
    }

    [Fact]
    public void TheFileMayBeAMountOfTheDocument()
    {
        string given = Bundle.Path + "/given";
        File.WriteAllText(given, "root:x:0:0::/mounted:/bin/sh\n");
        File.WriteAllText(Passwd, Users);
        Mount("/etc/passwd", "bind", given, "bind", "ro");
        Assert.Contains("HOME=/mounted", Variables());
    }

    [Fact]
    public void AUserNamespaceChangesNothing()
    {
        File.WriteAllText(Passwd, Users);
        UseUserNamespace(0x20000000);
        Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        Assert.Contains("HOME=/srv/web", Variables());
    }

    [Fact]
    public void OfEqualVariablesTheLastCounts()
    {
        Process["env"] = Strings("A=first", "PATH=/nosuch", "B=b", "A=last", "PATH=/bin", "HOME=/x", "HOME=/y");
        Assert.Equal(["B=b", "A=last", "PATH=/bin", "HOME=/y"], Variables("env"));
    }

    [Fact]
    public void FurtherProcessesHaveTheSameRules()
    {
        File.WriteAllText(Passwd, Users);
        Process["env"] = Strings("PATH=/bin");
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        Assert.Equal("PATH=/bin\nHOME=/root\n", Psrun.Succeed("exec", Id, "env"));
        Assert.Equal("PATH=/bin\nHOME=/srv/web\n", Psrun.Succeed("exec", "-u", "1000", Id, "env"));
        Assert.Equal(
            "A=new\nPATH=/bin\nHOME=/x\n",
            Psrun.Succeed("exec", "-e", "A=old", "-e", "PATH=/no", "-e", "A=new", "-e", "PATH=/bin", "-e", "HOME=/x", Id, "env"));

        string file = Bundle.Path + "/process.json";
        File.WriteAllText(
            file, """{"args":["env"],"cwd":"/","env":["A=1","PATH=/no","HOME=","A=2","PATH=/bin"],"user":{"uid":7}}""");
        Assert.Equal("A=2\nPATH=/bin\nHOME=/last\n", Psrun.Succeed("exec", "--process", file, Id));

        // Another file may be there by now.
        File.Delete(Passwd);
        File.CreateSymbolicLink(Passwd, "/proc/kmsg");
        Assert.Equal("PATH=/bin\nHOME=/\n", Psrun.Succeed("exec", Id, "env"));
    }

    private string[] Variables(string program = "/bin/env")
    {
        Save(program);
        CommandResult result = Psrun.Run("run", "-b", Bundle.Path, Id);
        Assert.True(result is { Code: 0, Error: "" }, $"{result.Code} {result.Output} {result.Error}");
        return result.Output.TrimEnd('\n').Split('\n');
    }
}
