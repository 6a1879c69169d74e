using System.Text.Json.Nodes;
using Container.Runtime.Tests.Config;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>Whose a process' standard streams are: pipes are its user's, what has a name on the host is as it was.</summary>
public sealed class StreamOwnerTests : ConfigTest
{
    private const string Reopen = "cat /dev/stdin; echo out >/dev/stdout; echo err >/dev/stderr";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PipesAreTheUsers(bool mapped)
    {
        if (mapped) UseUserNamespace(0x20000000);
        UseUser(1000);
        Save("/bin/sh", "-c", Reopen);
        Assert.Equal(new CommandResult(0, "in\nout\n", "err\n"), Call("run", "-b", Bundle.Path, Id));

        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        Assert.Equal(new CommandResult(0, "in\nout\n", "err\n"), Call("exec", Id, "sh", "-c", Reopen));
        Assert.Equal(new CommandResult(0, "in\nout\n", "err\n"), Call("exec", "-u", "77", Id, "sh", "-c", Reopen));
    }

    [Fact]
    public void PipesAreTheUsersInAUserNamespaceThatIsJoined()
    {
        UseUserNamespace(0x20000000);
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        int pid = (int)JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!;
        AddNamespace("user", $"/proc/{pid}/ns/user");
        Linux.Remove("uidMappings");
        Linux.Remove("gidMappings");
        UseUser(1000);
        Save("/bin/sh", "-c", Reopen);
        Assert.Equal(new CommandResult(0, "in\nout\n", "err\n"), Call("run", "-b", Bundle.Path, Id + "-2"));
    }

    [Fact]
    public void PipesAreTheUsersBeforeTheStart()
    {
        UseUser(1000);
        Save("/bin/sh", "-c", Reopen);
        using System.Diagnostics.Process create = Psrun.Start(new CommandOptions(), "create", "-b", Bundle.Path, Id);
        create.StandardInput.Write("in\n");
        create.StandardInput.Close();
        create.WaitForExit();
        Psrun.Succeed("start", Id);
        Assert.Equal("in\nout\n", create.StandardOutput.ReadToEnd());
        Assert.Equal("err\n", create.StandardError.ReadToEnd());
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("file")]
    [InlineData("socket")]
    [InlineData("device")]
    public void WhatIsTheHostsStaysTheHosts(string kind)
    {
        UseUser(1000);
        Save("/bin/sh", "-c", "exec 3>&1; stat -L -c %u /proc/self/fd/0 /proc/self/fd/3 >/tmp/owners");
        File.CreateSymbolicLink(Rootfs + "/bin/stat", "busybox");
        File.SetUnixFileMode(Rootfs + "/tmp", (UnixFileMode)0x1FF);
        string file = Bundle.Path + "/stream";
        string redirection = kind switch
        {
            "fifo" => $"mkfifo {file}; exec <>{file} >{file}",
            "file" => $": >{file}; exec <{file} >>{file}",
            "device" => $"mknod {file} c 1 3; exec <{file} >{file}",
            _ => "exec </dev/null",
        };
        string program = $"'{Container.Runtime.Tests.Psrun.Executable}' --root '{Psrun.Root}' run -b '{Bundle.Path}' {Id}";
        if (kind == "socket")
        {
            Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
            string script = "import socket,os,sys; a,b=socket.socketpair(); os.dup2(a.fileno(),0); os.dup2(a.fileno(),1); os.execvp('sh',['sh','-c',sys.argv[1]])";
            SecurityBundle.Execute("python3", ["-c", script, program], 0);
        }
        else
        {
            SecurityBundle.Execute("sh", ["-c", $"{redirection}; exec {program}"], 0);
        }

        Assert.Equal("0\n0\n", File.ReadAllText(Rootfs + "/tmp/owners"));
    }

    [Fact]
    public void ATerminalIsTheUsers()
    {
        UseUser(1000);
        Process["terminal"] = true;
        Save("/bin/sh", "-c", "echo $(stat -L -c %u /proc/self/fd/0); echo x >/dev/stderr");
        File.CreateSymbolicLink(Rootfs + "/bin/stat", "busybox");
        Assert.Equal(new CommandResult(0, "1000\nx\n", ""), Psrun.Run("run", "-b", Bundle.Path, Id));
        Process["terminal"] = false;
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        Assert.Equal("1000\nx\n", Psrun.Succeed("exec", "-t", Id, "sh", "-c", "stat -L -c %u /proc/self/fd/0; echo x >/dev/stderr"));
    }

    private void UseUser(int user) => Process["user"] = new JsonObject { ["uid"] = user, ["gid"] = user };

    private CommandResult Call(params string[] arguments)
    {
        using System.Diagnostics.Process process = Psrun.Start(new CommandOptions(), arguments);
        process.StandardInput.Write("in\n");
        return Container.Runtime.Tests.Psrun.Finish(process);
    }
}
