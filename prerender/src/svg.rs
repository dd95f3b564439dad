//! SVG as the page and plotters write it: elements with quoted attributes, and words in them.

use crate::first_sight::Fault;
use std::fmt::Write as _;

/// A part of a drawing. Words stay escaped as they are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Element(Element),
    Words(String),
}

/// An element with its attributes in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
}

impl Element {
    /// An element without children.
    pub(crate) fn new(name: &str, attributes: &[(&str, String)]) -> Self {
        let owned = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self { name: name.to_owned(), attributes: owned.collect(), children: Vec::new() }
    }

    /// The value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(one, _)| one == name).map(|(_, value)| &value[..])
    }

    /// An attribute's number.
    pub(crate) fn number(&self, name: &str) -> Result<f64, Fault> {
        let value = self.get(name).ok_or_else(|| format!("<{}> without {name}", self.name))?;
        value.parse().map_err(|error| format!("<{} {name}={value}>: {error}", self.name).into())
    }

    /// The elements in it.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Words(_) => None,
        })
    }

    /// The words in it, without space around them.
    pub(crate) fn words(&self) -> String {
        let words = self.children.iter().map(|node| match node {
            Node::Element(element) => element.words(),
            Node::Words(words) => words.trim().to_owned(),
        });
        words.collect()
    }

    /// The element as text.
    pub(crate) fn write(&self, text: &mut String) {
        text.push('<');
        text.push_str(&self.name);
        for (name, value) in &self.attributes {
            // A `String` takes all that is written.
            let _ = write!(text, " {name}=\"{value}\"");
        }
        if self.children.is_empty() {
            text.push_str("/>");
            return;
        }
        text.push('>');
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(text),
                Node::Words(words) => text.push_str(words),
            }
        }
        let _ = write!(text, "</{}>", self.name);
    }
}

/// Reads drawings that follow each other.
///
/// # Errors
/// Text that is no well-formed row of elements.
pub(crate) fn read(text: &str) -> Result<Vec<Element>, Fault> {
    let mut open = vec![Element::default()];
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if !rest[..at].trim().is_empty() {
            last(&mut open)?.children.push(Node::Words(rest[..at].to_owned()));
        }
        let end = rest[at..].find('>').ok_or("a tag that does not end")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let element = open.pop().filter(|element| element.name == name);
            let element = element.ok_or_else(|| format!("</{name}> closes nothing"))?;
            last(&mut open)?.children.push(Node::Element(element));
        } else if let Some(tag) = tag.strip_suffix('/') {
            let element = element(tag)?;
            last(&mut open)?.children.push(Node::Element(element));
        } else {
            open.push(element(tag)?);
        }
    }
    let [root] = &open[..] else { return Err("an element that does not end".into()) };
    Ok(root.elements().cloned().collect())
}

fn last(open: &mut [Element]) -> Result<&mut Element, Fault> {
    open.last_mut().ok_or_else(|| "an end without a beginning".into())
}

/// The element that a tag begins.
fn element(tag: &str) -> Result<Element, Fault> {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while let Some((name, behind)) = rest.trim_start().split_once("=\"") {
        let (value, behind) = behind.split_once('"').ok_or("a value that does not end")?;
        attributes.push((name.to_owned(), value.to_owned()));
        rest = behind;
    }
    if !rest.trim().is_empty() {
        return Err(format!("<{tag}>: {rest} is no attribute").into());
    }
    Ok(Element { name: name.to_owned(), attributes, children: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        let text =
            "<svg a=\"1\"><g class=\"b c\"><rect x=\"0.5\"/></g><text>a &amp; b</text></svg><b/>";
        let mut written = String::new();
        for element in read(text).unwrap() {
            element.write(&mut written);
        }
        assert_eq!(written, text);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in ["<svg>", "</svg>", "<svg></g>", "<svg", "<svg checked>", "<svg a=\"1></svg>"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
