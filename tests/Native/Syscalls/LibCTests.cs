using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Container.Native.Syscalls;
using Tmds.Linux;
using Xunit;

namespace Container.Native.Tests.Syscalls;

/// <summary>
/// What Tmds.LibC has is not declared again, but for the lists here: a name has one place, so that nobody asks which of
/// two to use.
/// </summary>
public sealed partial class LibCTests
{
    private const string AfterClone = "called after clone: no transition of the garbage collector's state";
    private const string Constant = "read after clone, or where the compiler wants a constant: a property is a call";

    private static readonly Dictionary<string, string> OurFunctions = new()
    {
        ["RawCall.syscall"] = AfterClone + "; and where a monitor rests, which keeps as few pages as it can",
        ["RawFiles.openat"] = AfterClone,
        ["RawFiles.mkdirat"] = AfterClone,
        ["RawFiles.readlinkat"] = AfterClone,
        ["RawFiles.statx"] = AfterClone,
        ["RawFiles.close"] = AfterClone,
        ["Entries.mknodat"] = "theirs is __xmknodat, which a static C library does not have",
        ["Polling.poll"] = "Tmds.LibC does not keep its error number (SetLastError)",
    };

    // A family of names is ours or Tmds.LibC's as a whole.
    private static readonly Dictionary<string, string> OurConstants = new()
    {
        ["AT_"] = Constant,
        ["CLONE_"] = Constant,
        ["F_DUPFD_"] = Constant,
        ["F_GETF"] = Constant,
        ["F_SETF"] = Constant,
        ["MSG_"] = Constant,
        ["MS_"] = Constant,
        ["O_"] = Constant,
        ["RESOLVE_"] = Constant,
        ["R_OK"] = Constant,
        ["SCM_"] = Constant,
        ["SIG"] = Constant,
        ["SOCK_"] = Constant,
        ["SOL_"] = Constant,
        ["STATX_"] = Constant,
        ["S_IF"] = Constant,
        ["TIOC"] = Constant,
        ["W_OK"] = Constant,
        ["X_OK"] = Constant,
        ["DefaultSeccompProfile"] = "what a filter compares are unsigned words, in the order of the profile",
    };

    private static readonly Dictionary<string, string> OurStructures = new()
    {
        ["cmsghdr"] = AfterClone,
        ["iovec"] = AfterClone,
        ["msghdr"] = AfterClone,
        ["siginfo_t"] = "that of Tmds.LibC has si_errno and si_code the wrong way round",
        ["statx"] = "that of Tmds.LibC has no stx_mnt_id",
    };

    private static readonly Dictionary<string, PropertyInfo> Properties = typeof(LibC).GetProperties()
        .ToDictionary(static property => property.Name);

    [Fact]
    public void No_function_is_declared_again()
    {
        HashSet<string> functions = [.. typeof(LibC).GetMethods().Select(static method => method.Name)];

        IEnumerable<string> declared = Imports().Where(name => functions.Contains(name[(name.IndexOf('.') + 1)..]));

        Assert.Equal(OurFunctions.Keys.Order(), declared.Distinct().Order());
    }

    [Fact]
    public void No_structure_is_declared_again()
    {
        IEnumerable<string> declared = Sources()
            .SelectMany(static source => StructureSummary().Matches(source.Text))
            .Select(static match => match.Groups["name"].Value)
            .Where(static name => typeof(LibC).Assembly.GetType($"Tmds.Linux.{name}") is not null);

        Assert.Equal(OurStructures.Keys.Order(), declared.Order());
    }

    [Fact]
    public void Constants_come_from_one_place_each()
    {
        List<(string Name, string Value, string File)> declared =
        [
            .. from source in Sources()
               from Match match in ConstantDeclaration().Matches(source.Text)
               where Properties.ContainsKey(match.Groups["name"].Value)
               select (match.Groups["name"].Value, match.Groups["value"].Value, Path.GetFileNameWithoutExtension(source.Path)),
        ];
        HashSet<string> used = [];
        List<string> faults = [];
        foreach ((string name, string value, string file) in declared)
        {
            if (value == $"LibC.{name}") continue;
            string? reason = OurConstants.Keys.FirstOrDefault(
                key => file == key || name.StartsWith(key, StringComparison.Ordinal));
            if (reason is null) faults.Add($"{file}.{name}");
            else used.Add(reason);
        }

        IEnumerable<string> twice = declared.Where(static d => d.File != "DefaultSeccompProfile")
            .GroupBy(static d => d.Name).Where(static group => group.Count() > 1).Select(static group => group.Key);
        Assert.Empty(faults);
        Assert.Empty(twice);
        Assert.Empty(OurConstants.Keys.Except(used));
    }

    [Fact]
    public void Only_the_tables_of_system_calls_name_its_functions_and_constants()
    {
        IEnumerable<string> others = Sources()
            .Where(static source => !source.Path.Contains("/Native/Syscalls/", StringComparison.Ordinal))
            .Where(static source => source.Text.Contains("LibC.", StringComparison.Ordinal)
                || source.Text.Contains("Linux.LibC", StringComparison.Ordinal))
            .Select(static source => source.Path);

        Assert.Empty(others);
    }

    [Fact]
    public void Constants_of_ours_have_the_same_values()
    {
        List<string> wrong = [];
        int compared = 0;
        IEnumerable<FieldInfo> fields = typeof(SystemCallException).Assembly.GetTypes()
            .SelectMany(static type => type.GetFields(
                BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(static field => field.IsLiteral);
        foreach (FieldInfo field in fields)
        {
            if (!Properties.TryGetValue(field.Name, out PropertyInfo? property)) continue;
            if (property.PropertyType.IsPointer || property.GetValue(null) is not { } theirs) continue;
            compared++;
            long expected = Convert.ToInt64(Plain(theirs), CultureInfo.InvariantCulture);
            long actual = Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture);
            if (actual != expected) wrong.Add($"{field.DeclaringType!.Name}.{field.Name}: {actual}, not {expected}");
        }

        Assert.Empty(wrong);
        Assert.True(compared > 100, $"only {compared} constants were compared");
    }

    // mode_t and its like have the number in a member.
    private static object Plain(object value) =>
        value.GetType().GetProperty("Value", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            is { } member ? Plain(member.GetValue(value)!) : value;

    // Class and function of everything that is imported from the C library.
    private static List<string> Imports()
    {
        using PEReader file = new(File.OpenRead(typeof(SystemCallException).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        List<string> imports = [];
        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            if ((method.Attributes & MethodAttributes.PinvokeImpl) == 0) continue;
            MethodImport import = method.GetImport();
            if (metadata.GetString(metadata.GetModuleReference(import.Module).Name) != "libc") continue;
            string type = metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
            imports.Add($"{type}.{metadata.GetString(import.Name)}");
        }

        Assert.True(imports.Count > 20, $"only {imports.Count} imports were found");
        return imports;
    }

    private static IEnumerable<(string Path, string Text)> Sources() => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal))
        .Select(static path => (path, File.ReadAllText(path)));

    [GeneratedRegex(@"\b(?:const|static) \w+ (?<name>[A-Z][A-Z0-9_]+) =>? (?<value>[^;]+);")]
    private static partial Regex ConstantDeclaration();

    [GeneratedRegex(@"/// (?:<summary>)?struct (?<name>\w+) of ")]
    private static partial Regex StructureSummary();
}
