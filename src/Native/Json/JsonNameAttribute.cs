using System.Diagnostics;

namespace Container.Native.Json;

/// <summary>The name of a member where it is not that of the property with a small letter.</summary>
/// <param name="name">The name in the document.</param>
[AttributeUsage(AttributeTargets.Property)]
[Conditional("GENERATOR")]
internal sealed class JsonNameAttribute(string name) : Attribute
{
    /// <summary>The name in the document.</summary>
    public string Name => name;
}
