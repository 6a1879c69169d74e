using Xunit;

namespace Container.Runtime.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly Psrun psrun = new();

    public void Dispose() => psrun.Dispose();

    [Fact]
    public void VersionNamesTheSpecification() =>
        Assert.Matches(@"^psrun version \d+\.\d+\.\d+\ncommit: \w+\nspec: 1\.3\.0\n$", psrun.Succeed("--version"));

    [Fact]
    public void ALinkWithAnotherNameStandsInForIt()
    {
        string directory = Directory.CreateTempSubdirectory("psrun-name-").FullName;
        try
        {
            File.CreateSymbolicLink(directory + "/runc", Psrun.Executable);
            (int code, string text) = SecurityBundle.Execute(directory + "/runc", ["--version"]);
            Assert.Equal(0, code);
            Assert.Matches(@"^runc version [\d.]+\ncommit: \w+\nspec: 1\.3\.0\nname: psrun\n$", text);
            (_, text) = SecurityBundle.Execute(directory + "/runc", ["list", "--help"]);
            Assert.StartsWith("NAME:\n   runc list - ", text, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("checkpoint")]
    [InlineData("create")]
    [InlineData("delete")]
    [InlineData("events")]
    [InlineData("exec")]
    [InlineData("features")]
    [InlineData("kill")]
    [InlineData("list")]
    [InlineData("mounts")]
    [InlineData("pause")]
    [InlineData("ps")]
    [InlineData("restore")]
    [InlineData("resume")]
    [InlineData("run")]
    [InlineData("spec")]
    [InlineData("start")]
    [InlineData("state")]
    [InlineData("update")]
    public void EveryVerbHasHelp(string verb)
    {
        string text = psrun.Succeed(verb, "--help");
        Assert.StartsWith($"NAME:\n   psrun {verb} - ", text, StringComparison.Ordinal);
        Assert.Contains($"USAGE:\n   psrun [global options] {verb} ", text, StringComparison.Ordinal);
        Assert.Equal(text, psrun.Succeed("help", verb));
        Assert.Equal(text, psrun.Succeed(verb, "-h"));
        Assert.Contains($"\n   {verb} ", psrun.Succeed("--help"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no command is given: see 'psrun --help'")]
    [InlineData("unknown command 'nosuch'", "nosuch")]
    [InlineData("No help topic for 'nosuch'", "nosuch", "-h")]
    [InlineData("No help topic for 'nosuch'", "help", "nosuch")]
    [InlineData("unknown option '--nosuch'", "--nosuch", "list")]
    [InlineData("unknown option '--nosuch'", "list", "--nosuch")]
    [InlineData("unknown option '-x'", "list", "-x")]
    [InlineData("unknown option '-n'", "list", "-nosuch")]
    [InlineData("--format: 'xml' is not table or json", "list", "-format=xml")]
    [InlineData("--format needs a value", "list", "--format")]
    [InlineData("--format: 'xml' is not table or json", "list", "--format=xml")]
    [InlineData("--format is given twice", "list", "--format", "json", "-f", "json")]
    [InlineData("--quiet: 'maybe' is not true or false", "list", "--quiet=maybe")]
    [InlineData("state needs <container-id>", "state")]
    [InlineData("state: 'b' is too much", "state", "a", "b")]
    [InlineData("'../x' is not a container id: letters, digits, '_', '+', '-' and '.' only", "state", "../x")]
    [InlineData("'..' is not a container id: letters, digits, '_', '+', '-' and '.' only", "state", "..")]
    [InlineData("the container's id is empty", "state", "")]
    [InlineData("container 'nosuch' does not exist", "state", "nosuch")]
    [InlineData("container 'nosuch' does not exist", "start", "nosuch")]
    [InlineData("container 'nosuch' does not exist", "kill", "nosuch")]
    [InlineData("'SIGNOSUCH' is not a signal", "kill", "nosuch", "SIGNOSUCH")]
    [InlineData("'65' is not a signal", "kill", "nosuch", "65")]
    [InlineData("--preserve-fds: '-1' is not a number from 0 to 1000", "create", "--preserve-fds=-1", "x")]
    [InlineData("--log-format: 'xml' is not text or json", "--log-format", "xml", "list")]
    public void MistakesAreOneLine(string message, params string[] arguments) =>
        Assert.Equal(message, psrun.Fail(1, arguments));

    [Fact]
    public void ExecFailsWith255() =>
        Assert.Equal("container 'nosuch' does not exist", psrun.Fail(255, "exec", "nosuch", "true"));

    [Theory]
    [InlineData("--log-format", "json", "--systemd-cgroup=false", "--rootless", "auto", "--debug=false")]
    [InlineData("--cgroup-manager", "disabled", "--log", "")]
    [InlineData("-log-format", "json", "-debug", "-log=/dev/null")]
    public void GlobalOptionsOfRuncAndCrunAreTaken(params string[] options)
    {
        Directory.CreateDirectory(psrun.Root);
        Assert.Equal(new CommandResult(0, "[]\n", ""), psrun.Run(
            new CommandOptions { Global = options }, "list", "--format", "json"));
    }

    [Fact]
    public void AListInARootThatIsNotThereFails() =>
        Assert.Contains("No such file or directory", psrun.Fail(1, "list"), StringComparison.Ordinal);
}
