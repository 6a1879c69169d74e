using Container.Native.Compilation;
using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Native.Tests.Launch;

/// <summary>
/// Plans as text, against the files in <c>Plans</c>. Compiling needs no rights, so these run everywhere. To take new
/// plans over, run with UPDATE_PLANS=1 and read the difference.
/// </summary>
public sealed class LaunchPlanTests
{
    private static readonly string Directory = Path.Combine(
        Repository.Root, "tests", "Native", "Launch", "Plans");

    [Theory]
    [InlineData("minimal")]
    [InlineData("full")]
    [InlineData("user-namespace")]
    [InlineData("joined")]
    public void Plan_is_the_one_that_was_reviewed(string name)
    {
        OciSpec spec = OciDocument.ReadSpec(File.ReadAllBytes(Path.Combine(Directory, $"{name}.json")));
        LaunchOptions options = new() { Id = "plan", Bundle = "/bundle", Privileged = false };

        using LaunchPlan plan = InitCompiler.Compile(spec, options).Plan;

        AssertPlan(name, plan.ToString());
    }

    [Fact]
    public void A_container_without_a_mount_namespace_is_refused()
    {
        OciSpec spec = OciDocument.ReadSpec(File.ReadAllBytes(Path.Combine(Directory, "minimal.json")));
        OciSpec without = spec with { Linux = spec.Linux! with { Namespaces = [new OciNamespace { Type = "pid" }] } };

        DocumentException failure = Assert.Throws<DocumentException>(
            () => InitCompiler.Compile(without, new LaunchOptions { Bundle = "/bundle", Privileged = false }));

        Assert.Contains("mount namespace", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_step_of_a_plan_has_words_for_its_failure()
    {
        OciSpec spec = OciDocument.ReadSpec(File.ReadAllBytes(Path.Combine(Directory, "full.json")));
        using LaunchPlan plan = InitCompiler.Compile(
            spec, new LaunchOptions { Bundle = "/bundle", Privileged = false }).Plan;

        Assert.All(plan.Steps, step => Assert.False(string.IsNullOrWhiteSpace(step.Operation)));
        Assert.Equal(plan.Count, plan.Steps.Count);
    }

    private static void AssertPlan(string name, string actual)
    {
        string path = Path.Combine(Directory, $"{name}.plan");
        if (Environment.GetEnvironmentVariable("UPDATE_PLANS") == "1") File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }
}
