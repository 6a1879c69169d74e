using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Container.Engine.Store;
using Container.Native.Oci;
using Xunit;

namespace Container.Engine.Tests.Containers.Specs;

public sealed class SpecProcessTests
{
    private static readonly ImageDefaults Image = new()
    {
        EntryPoint = ["/entry"],
        Command = ["default"],
        Environment = ["PATH=/opt/bin", "COLOUR=blue", "broken"],
        WorkingDirectory = "/app",
    };

    [Fact]
    public void Entry_point_and_command_are_replaced_one_by_one()
    {
        Assert.Equal(["/entry", "default"], Arguments(new()));
        Assert.Equal(["/entry", "one", "two"], Arguments(new() { Command = "one", ArgumentList = ["two"] }));
        Assert.Equal(["/entry", "two"], Arguments(new() { ArgumentList = ["two"] }));
        Assert.Equal(["/other", "-x"], Arguments(new() { EntryPoint = ["/other", "-x"] }));
        Assert.Equal(["/other", "one"], Arguments(new() { EntryPoint = ["/other"], Command = "one" }));
        Assert.Equal(["one"], Arguments(new() { EntryPoint = [], Command = "one" }));
    }

    [Fact]
    public void There_has_to_be_a_command()
    {
        Assert.Throws<EngineException>(() => Arguments(new() { EntryPoint = [] }));
        Assert.Throws<EngineException>(() => Arguments(new() { EntryPoint = [], Command = "" }));
        Assert.Throws<EngineException>(() => Arguments(new() { Command = "a\0b" }));
    }

    [Fact]
    public void The_environment_is_the_images_and_the_users_over_the_defaults()
    {
        OciProcess process = SpecTest.Build(
            new ContainerConfiguration
            {
                Tty = true,
                Hostname = "inside",
                Environment = new Dictionary<string, string> { ["COLOUR"] = "red=rot", ["EMPTY"] = "" },
            },
            Image).Process!;

        Assert.Equal(
            ["PATH=/opt/bin", "TERM=xterm", "HOSTNAME=inside", "COLOUR=red=rot", "EMPTY="], process.Env);
        Assert.Equal("/app", process.Cwd);
    }

    [Fact]
    public void Nothing_of_the_hosts_environment_comes_along()
    {
        // An image's name without a value asked podman for the host's (CVE-2026-57231).
        ImageDefaults image = new() { Command = ["/bin/sh"], Environment = ["PATH", "*", "P*", "="] };
        OciProcess process = SpecTest.Build(new ContainerConfiguration(), image).Process!;

        Assert.Equal(
            ["PATH=" + SpecEnvironment.DefaultPath, $"HOSTNAME={SpecTest.Id[..12]}"], process.Env);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("a\0b")]
    public void The_working_directory_is_absolute(string path) =>
        SpecTest.AssertInvalid(new ContainerConfiguration { WorkingDirectory = path });

    [Fact]
    public void Names_and_values_of_variables_are_checked()
    {
        (string, string)[] wrong = [("", "x"), ("A=B", "x"), ("A", "x\0y"), ("A\0", "x")];
        foreach ((string name, string value) in wrong)
        {
            SpecTest.AssertInvalid(new ContainerConfiguration
            {
                Environment = new Dictionary<string, string> { [name] = value },
            });
        }
    }

    [Fact]
    public void Environment_files_are_read_and_the_users_variables_win()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# comment\n\nONE=1\r\n  TWO=two words\nPATH\nNOT_SET_ANYWHERE\nTHREE=a=b\n");
            ContainerConfiguration read = SpecEnvironment.ReadFiles(new ContainerConfiguration
            {
                EnvironmentFile = [file],
                Environment = new Dictionary<string, string> { ["ONE"] = "mine" },
            });

            Assert.Null(read.EnvironmentFile);
            Assert.Equal("mine", read.Environment!["ONE"]);
            Assert.Equal("two words", read.Environment["TWO"]);
            Assert.Equal("a=b", read.Environment["THREE"]);
            Assert.Equal(Environment.GetEnvironmentVariable("PATH"), read.Environment["PATH"]);
            Assert.DoesNotContain("NOT_SET_ANYWHERE", read.Environment.Keys);

            File.WriteAllText(file, "fine=1\n=value\n");
            EngineException failure = Assert.Throws<EngineException>(() =>
                SpecEnvironment.ReadFiles(new ContainerConfiguration { EnvironmentFile = [file] }));
            Assert.Contains("Line 2", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/nonexistent/file")]
    [InlineData("/tmp")]
    [InlineData("relative")]
    public void Files_that_are_none_are_refused_at_once(string path) => Assert.Equal(
        ErrorId.InvalidConfiguration,
        Assert.Throws<EngineException>(() => BoundedFile.Read(path, 1024)).Id);

    private static IReadOnlyList<string> Arguments(ContainerConfiguration configuration) =>
        SpecProcess.Arguments(configuration, Image);
}
