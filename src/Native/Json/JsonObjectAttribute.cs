using System.Diagnostics;

namespace Container.Native.Json;

/// <summary>Marks a record that <c>src/Generator</c> completes: it reads and writes each property that can be set.</summary>
[AttributeUsage(AttributeTargets.Class)]
[Conditional("GENERATOR")]
internal sealed class JsonObjectAttribute : Attribute;
