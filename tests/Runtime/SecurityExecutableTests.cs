using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What a container's processes see of psrun's own (security.md, E1).</summary>
public sealed class SecurityExecutableTests
{
    // CVE-2019-5736: a program that is a link to /proc/self/exe, or has it for its interpreter. The image's dynamic
    // loader is the attacker's: it keeps the executable open until nobody runs it, and writes to it.
    [Theory]
    [InlineData(false, new string[0])]
    [InlineData(false, new[] { "CAP_SYS_PTRACE" })]
    [InlineData(true, new string[0])]
    public void A_program_that_is_the_link_to_itself_cannot_write_to_psrun(bool userNamespace, string[] capabilities)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the loader is x86-64 code");
        const string Attack = "for n in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; "
            + "(echo x >>/proc/self/fd/3) && echo >/tmp/found; done 2>/dev/null";
        using SecurityBundle bundle = new SecurityBundle().WithCapabilities(["CAP_DAC_OVERRIDE", .. capabilities]);
        Directory.CreateDirectory(Path.Combine(bundle.Root, "evil"));
        Directory.CreateDirectory(Path.Combine(bundle.Root, "lib64"));
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "evil/sh"), "/proc/self/exe");
        string loader = Path.Combine(bundle.Root, "lib64/ld-linux-x86-64.so.2");
        File.WriteAllBytes(loader, Loader);
        File.SetUnixFileMode(loader, (UnixFileMode)0x1ED);
        string script = Path.Combine(bundle.Root, "evil/script");
        File.WriteAllText(script, "#!/proc/self/exe\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        if (userNamespace) bundle.WithUserNamespace();

        string before = Hash(bundle);
        bundle.SetArguments("/evil/sh", "-c", Attack);
        bundle.Call("run", "--bundle", bundle.Directory, "--detach", bundle.Id);
        Thread.Sleep(TimeSpan.FromSeconds(2));
        Assert.Equal(before, Hash(bundle));
        Assert.False(File.Exists(Path.Combine(bundle.Root, "tmp/found")));

        bundle.Call("delete", "--force", bundle.Id);
        bundle.Start("sleep 60");
        bundle.Exec("--detach", bundle.Id, "/evil/sh", "-c", Attack);
        bundle.Exec("--detach", bundle.Id, "/evil/script", "-c", Attack);
        bundle.Exec("--detach", bundle.Id, "/proc/self/exe", "-c", Attack);
        Thread.Sleep(TimeSpan.FromSeconds(2));
        Assert.Equal(before, Hash(bundle));
        Assert.False(File.Exists(Path.Combine(bundle.Root, "tmp/found")));
    }

    // The same CVE from the other side, and CVE-2016-9962: root of the container looks at each new process at once.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_process_on_its_way_in_shows_nothing_of_the_host(bool userNamespace)
    {
        using SecurityBundle bundle = new SecurityBundle()
            .WithCapabilities("CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_KILL");
        if (userNamespace) bundle.WithUserNamespace();
        bundle.Process["rlimits"] = new JsonArray();
        string mark = $"mark-{bundle.Id}";
        string hostMark = Path.Combine("/run", mark);
        File.WriteAllText(hostMark, "");
        string before = Hash(bundle);
        try
        {
            // A root, a working directory or a descriptor that leads to the host shows the mark below /run.
            bundle.Start(
                "while :; do for p in /proc/[0-9]*; do "
                + $"for d in $p/root $p/cwd/.. $p/fd/*/..; do [ -e $d/run/{mark} ] && echo $d >>/tmp/found; done; "
                + "case $(readlink $p/exe) in */busybox|'') ;; *) readlink $p/exe >>/tmp/seen; "
                + "(exec 3<$p/exe; sleep 0.05; echo x >>/proc/self/fd/3) && echo $p >>/tmp/found ;; "
                + "esac; done; done 2>/dev/null");
            for (int turn = 0; turn < 100; turn++)
            {
                (int code, string output) = bundle.Exec(bundle.Id, "true");
                Assert.True(code == 0, output);
            }

            string found = Path.Combine(bundle.Root, "tmp/found");
            Assert.False(File.Exists(found), File.Exists(found) ? File.ReadAllText(found) : "");
            Assert.Equal(before, Hash(bundle));
        }
        finally
        {
            File.Delete(hostMark);
        }
    }

    // CVE-2016-8659, CVE-2020-5291: what a program may do for its owner, it must not do for whoever runs it.
    [Fact]
    public void It_refuses_to_run_with_the_rights_of_its_file()
    {
        using var bundle = new SecurityBundle();
        string copy = Path.Combine(bundle.Directory, "psrun-setuid");
        SecurityBundle.Execute("cp", [bundle.Program, copy], 0);
        SecurityBundle.Execute("chmod", ["4755", copy], 0);
        SecurityBundle.Execute("chmod", ["0755", bundle.Directory], 0);
        foreach (string verb in (string[])["list", "features"])
        {
            (int code, string output) = SecurityBundle.Execute(
                "setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", copy, verb]);
            Assert.True(code != 0, output);
            Assert.Contains("setuid", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_refuses_to_run_with_the_capabilities_of_its_file()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/setcap"), "setcap is not installed");
        using var bundle = new SecurityBundle();
        string copy = Path.Combine(bundle.Directory, "psrun-capable");
        SecurityBundle.Execute("cp", [bundle.Program, copy], 0);
        Assert.SkipUnless(
            SecurityBundle.Execute("setcap", ["cap_sys_admin+ep", copy]).Code == 0, "the file system has no capabilities");
        SecurityBundle.Execute("chmod", ["0755", bundle.Directory], 0);
        (int code, string output) = SecurityBundle.Execute(
            "setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", copy, "list"]);
        Assert.True(code != 0, output);
        Assert.Contains("setuid", output, StringComparison.Ordinal);
    }

    // An ELF file that opens /proc/self/exe, as descriptor 3, and executes /bin/sh with its own arguments:
    // open(exe, O_RDONLY); execve(sh, argv, envp).
    private static byte[] Loader { get; } = Convert.FromHexString(
        "7f454c4602010100000000000000000002003e00010000007800400000000000"
        + "4000000000000000000000000000000000000000400038000100000000000000"
        + "0100000005000000000000000000000000004000000000000000400000000000"
        + "bc00000000000000bc000000000000000010000000000000"
        + "488d3d2600000031f6b8020000000f05488d3d25000000488d742408488b0424"
        + "488d54c410b83b0000000f05f4"
        + "2f70726f632f73656c662f65786500" + "2f62696e2f736800");

    private static string Hash(SecurityBundle bundle) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(bundle.Program)));
}
