using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What a process of a container has: capabilities, ids, descriptors, keys (security.md, E1).</summary>
public sealed class SecurityProcessTests
{
    // CVE-2022-29162, CVE-2022-27649, CVE-2022-27650, CVE-2022-24769.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Inheritable_capabilities_are_empty(bool userNamespace)
    {
        using SecurityBundle bundle = Make(userNamespace).WithCapabilities("CAP_CHOWN", "CAP_KILL");
        bundle.Start("sleep 60");
        const string Show = "grep -E 'CapInh|CapAmb' /proc/self/status";
        const string Empty = "CapInh:\t0000000000000000\nCapAmb:\t0000000000000000\n";
        Assert.Equal((0, Empty), bundle.Exec(bundle.Id, "sh", "-c", Show));
        Assert.Equal((0, Empty), bundle.Exec("--cap", "CAP_FOWNER", bundle.Id, "sh", "-c", Show));
        Assert.Equal(0, bundle.Call("delete", "--force", bundle.Id).Code);
        Assert.Equal((0, Empty), bundle.Run(Show));
    }

    // CVE-2025-27612 of youki.
    [Fact]
    public void A_further_process_has_what_the_first_one_has()
    {
        using SecurityBundle bundle = Make(userNamespace: true).WithCapabilities("CAP_CHOWN", "CAP_SYS_CHROOT");
        bundle.Start("grep -E 'Cap|NoNew|Seccomp:' /proc/self/status >/tmp/first; sleep 60");
        (int code, string output) = bundle.Exec(
            bundle.Id, "sh", "-c", "while [ ! -s /tmp/first ]; do sleep 0.1; done; grep -E 'Cap|NoNew|Seccomp:' "
            + "/proc/self/status | diff - /tmp/first && grep CapBnd /tmp/first");
        Assert.Equal((0, "CapBnd:\t0000000000040001\n"), (code, output));
    }

    [Fact]
    public void What_cannot_be_granted_is_left_out_and_the_container_runs()
    {
        using SecurityBundle bundle = new SecurityBundle().WithCapabilities("CAP_KILL", "CAP_FLY");
        (int code, string output) = bundle.Run("grep CapBnd /proc/self/status");
        Assert.Equal(0, code);
        Assert.EndsWith("CapBnd:\t0000000000000020\n", output, StringComparison.Ordinal);
    }

    // CVE-2022-36109, CVE-2023-25173, CVE-2022-2989, CVE-2022-2990.
    [Fact]
    public void Groups_are_those_of_the_document_and_no_others()
    {
        using var bundle = new SecurityBundle();
        bundle.Process["user"] = JsonNode.Parse("""{"uid": 1000, "gid": 1001, "additionalGids": [5, 7]}""");
        Assert.Equal((0, "Uid:\t1000\t1000\t1000\t1000\nGid:\t1001\t1001\t1001\t1001\nGroups:\t5 7 \n"), bundle.Run(
            "grep -E '^(Uid|Gid|Groups):' /proc/self/status"));
        bundle.Process["user"] = JsonNode.Parse("""{"uid": 1000, "gid": 1001}""");
        Assert.Equal((0, "Groups:\t \n"), bundle.Run("grep Groups: /proc/self/status"));
    }

    // CVE-2024-40635, CVE-2026-46680: a number too large became -1 or 0.
    [Theory]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"0\"")]
    public void An_id_out_of_range_is_refused(string uid)
    {
        using var bundle = new SecurityBundle();
        bundle.Process["user"] = JsonNode.Parse($$"""{"uid": {{uid}}, "gid": 0}""");
        (int code, string output) = bundle.Run("id");
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("uid=", output, StringComparison.Ordinal);
        Assert.Contains("uid", output, StringComparison.Ordinal);
    }

    // CVE-2026-30892 of crun: what is not a number was looked up as a name.
    [Theory]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    [InlineData("1000:")]
    [InlineData("0x0")]
    [InlineData("1000abc")]
    [InlineData(":0")]
    [InlineData("")]
    public void A_user_that_is_no_id_is_refused(string user)
    {
        using var bundle = new SecurityBundle();
        File.WriteAllText(Path.Combine(bundle.Root, "etc/passwd"), $"root:x:0:0::/:/bin/sh\n{user}:x:0:0::/:/bin/sh\n");
        bundle.Start("sleep 60");
        (int code, string output) = bundle.Exec("--user", user, bundle.Id, "id");
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("uid=0", output, StringComparison.Ordinal);
    }

    // CVE-2024-21626: a working directory reached through a descriptor that was left open.
    [Fact]
    public void No_working_directory_leads_through_a_descriptor()
    {
        using var bundle = new SecurityBundle();
        for (int number = 0; number < 40; number++)
        {
            bundle.Process["cwd"] = $"/proc/self/fd/{number}";
            (int code, string output) = bundle.Run("pwd; ls");
            Assert.True(code != 0, $"{number}: {output}");
        }

        bundle.Process["cwd"] = "/";
        bundle.Start("sleep 60");
        for (int number = 0; number < 40; number++)
        {
            (int code, string output) = bundle.Exec("--cwd", $"/proc/self/fd/{number}", bundle.Id, "pwd");
            Assert.True(code != 0, $"{number}: {output}");
        }
    }

    [Fact]
    public void A_process_has_three_descriptors()
    {
        using var bundle = new SecurityBundle();
        Assert.Equal((0, "0\n1\n2\n3\n"), bundle.Run("ls -1 /proc/self/fd"));
        bundle.Start("sleep 60");
        Assert.Equal((0, "0\n1\n2\n3\n"), bundle.Exec(bundle.Id, "ls", "-1", "/proc/self/fd"));
    }

    // Root without a user namespace could change the mode and owner of the host's.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Standard_input_that_is_nothing_is_the_containers_nothing(bool userNamespace)
    {
        const string Compare = "busybox stat -L -c '%d %i' /dev/null /proc/self/fd/0";
        using SecurityBundle bundle = Make(userNamespace);
        (int code, string output) = bundle.Run(Compare);
        string[] lines = output.Split('\n');
        Assert.True(code == 0 && lines.Length == 3, output);
        Assert.Equal(lines[0], lines[1]);

        bundle.Start("sleep 60");
        (code, output) = bundle.Exec(bundle.Id, "sh", "-c", Compare);
        lines = output.Split('\n');
        Assert.True(code == 0 && lines.Length == 3, output);
        Assert.Equal(lines[0], lines[1]);
    }

    // A container without one keeps what it was given, and a file of another kind in its place is not opened.
    [Theory]
    [InlineData("true")]
    [InlineData("busybox mkfifo /dev/null")]
    [InlineData("busybox ln -s /tmp/x /dev/null")]
    public void Standard_input_stays_where_the_container_has_no_dev_null(string make)
    {
        using var bundle = new SecurityBundle();
        bundle.Start($"busybox rm /dev/null; {make}; echo done > /done; exec sleep 60");
        Poll.Until(() => File.Exists(bundle.Root + "/done"), "the container's /dev/null is still there");
        (int code, string output) = bundle.Exec(bundle.Id, "busybox", "stat", "-L", "-c", "%t:%T", "/proc/self/fd/0");
        Assert.Equal((0, "1:3\n"), (code, output));
    }

    [Fact]
    public void The_session_keyring_is_the_containers_own()
    {
        using var bundle = new SecurityBundle();
        bundle.Linux["maskedPaths"] = new JsonArray();
        (int code, string output) = bundle.Run("grep keyring /proc/keys");
        Assert.SkipWhen(output.Contains("No such file", StringComparison.Ordinal), "this kernel has no keyrings");
        Assert.Equal(0, code);
        Assert.Contains($"_ses.{bundle.Id}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_later_process_is_in_the_containers_session_keyring(bool userNamespace)
    {
        using SecurityBundle bundle = Make(userNamespace);
        bundle.Linux["maskedPaths"] = new JsonArray();
        bundle.Start("cat /proc/keys > /keys; exec sleep 60");

        // Another user sees it only by being in it.
        (_, string keys) = bundle.Exec("--user", "1000", bundle.Id, "cat", "/proc/keys");
        Assert.SkipWhen(keys.Contains("No such file", StringComparison.Ordinal), "this kernel has no keyrings");

        string? later = Array.Find(keys.Split('\n'), line => line.Contains($"_ses.{bundle.Id}", StringComparison.Ordinal));
        Assert.NotNull(later);
        Poll.Until(
            () => File.ReadAllText(bundle.Root + "/keys").Contains(later[..8] + " ", StringComparison.Ordinal),
            $"the first process has no keyring {later[..8]}");
    }

    // CVE-2021-43784: lengths that did not fit 16 bits.
    [Theory]
    [InlineData("uidMappings")]
    [InlineData("gidMappings")]
    public void A_list_of_maps_that_is_too_long_is_an_error_and_no_privilege(string list)
    {
        using SecurityBundle bundle = Make(userNamespace: true);
        bundle.Linux[list] = new JsonArray([.. Enumerable.Range(0, 5000).Select(id => new JsonObject
        {
            ["containerID"] = id, ["hostID"] = 0x20000000 + (2 * id), ["size"] = 1,
        })]);
        (int code, string output) = bundle.Run("id");
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("uid=", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_of_namespaces_in_the_document_are_an_error()
    {
        using var bundle = new SecurityBundle();
        var namespaces = (JsonArray)bundle.Linux["namespaces"]!;
        for (int count = 0; count < 5000; count++)
        {
            namespaces.Add(new JsonObject { ["type"] = "network", ["path"] = new string('a', 60) });
        }

        Assert.NotEqual(0, bundle.Run("id").Code);
    }

    private static SecurityBundle Make(bool userNamespace)
    {
        var bundle = new SecurityBundle();
        return userNamespace ? bundle.WithUserNamespace() : bundle;
    }
}
