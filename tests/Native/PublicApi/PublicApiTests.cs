using System.Reflection;
using System.Text;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.PublicApi;

/// <summary>
/// What Native shows to others, against the list in <c>PublicApi.txt</c>: a change of it is a decision. To take the
/// new list over, run the test with UPDATE_PUBLIC_API=1.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Public_members_are_those_of_the_list()
    {
        string path = Path.Combine(Repository.Root, "tests", "Native", "PublicApi", "PublicApi.txt");
        string actual = Describe(typeof(SystemCallException).Assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1") File.WriteAllText(path, actual);

        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }

    private static string Describe(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(static t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            IEnumerable<string> members = type
                .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(static member => !IsGenerated(member))
                .Select(static member => member.ToString()!)
                .Order(StringComparer.Ordinal);
            foreach (string member in members)
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    // Accessors stand with their property; what the compiler makes for records says nothing.
    private static bool IsGenerated(MemberInfo member) =>
        member is MethodBase { IsSpecialName: true, IsConstructor: false }
        || member.Name is "<Clone>$" or "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "Deconstruct"
        || member.Name.StartsWith("op_", StringComparison.Ordinal);
}
