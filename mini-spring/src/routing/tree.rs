//! The tree in which routes are looked up, segment by segment from the left.
//!
//! At each segment a static child comes before the parameter and the parameter before the tail;
//! where a choice leads nowhere, or to no route of the method, the next one is tried. A path that
//! ends at a node is answered by the routes that end there, then by its tail, which may be empty.
//!
//! Cost: a node is reached by one sequence of segments only, so a lookup enters every node at most
//! once, whatever the path looks like, and never goes deeper than the longest pattern. Going back
//! needs no stack: a node knows its parent, and the slash in front of a segment is found by looking
//! for it. Nothing is allocated.
//!
//! Segments are compared before they are decoded, so `%2F` never separates segments. One slash at
//! the end of the path is ignored. An empty segment matches nothing but a tail.

use http::Method;
use mini_spring_pattern::{Pattern, Segment};

use crate::http::head::Span;
use crate::http::percent::is_encoding_of;

/// A tree of patterns, whose ends are numbers of routes.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// The first is the root; nobody's child, so 0 as a child means that there is none.
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// Sorted by length, then by bytes.
    statics: Vec<Static>,
    parameter: usize,
    parent: usize,
    is_parameter: bool,
    /// The routes whose pattern ends here.
    ends: Endpoint,
    /// The routes that take the rest of the path from here.
    tail: Endpoint,
}

#[derive(Debug, Clone)]
struct Static {
    text: Box<str>,
    node: usize,
}

/// The routes of one shape: at most one for each method.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoint {
    routes: Vec<(Method, usize)>,
}

impl Endpoint {
    /// The route of exactly this method.
    pub(crate) fn exactly(&self, method: &Method) -> Option<usize> {
        self.routes
            .iter()
            .find(|(known, _)| known == method)
            .map(|&(_, route)| route)
    }

    /// The route that answers this method. GET answers HEAD (RFC 9110, section 9.3.2).
    fn answering(&self, method: &Method) -> Option<usize> {
        let found = self.exactly(method);
        if found.is_none() && method == Method::HEAD {
            return self.exactly(&Method::GET);
        }
        found
    }

    pub(crate) fn add(&mut self, method: Method, route: usize) {
        self.routes.push((method, route));
    }
}

impl Tree {
    pub(crate) fn new() -> Self {
        Tree {
            nodes: vec![Node::default()],
        }
    }

    /// Where routes of this shape end; the place is made if it is new.
    pub(crate) fn endpoint(&mut self, pattern: &Pattern) -> &mut Endpoint {
        let mut node = 0;
        for segment in &pattern.path {
            node = match segment {
                Segment::Static(text) => self.static_child(node, text),
                Segment::Parameter(_) => self.parameter_child(node),
                Segment::Tail(_) => return &mut self.nodes[node].tail,
            };
        }
        &mut self.nodes[node].ends
    }

    fn static_child(&mut self, parent: usize, text: &str) -> usize {
        let place = match self.nodes[parent].position(text.as_bytes()) {
            Ok(found) => return self.nodes[parent].statics[found].node,
            Err(place) => place,
        };
        let node = self.child(parent, false);
        let text = Box::from(text);
        let statics = &mut self.nodes[parent].statics;
        statics.insert(place, Static { text, node });
        node
    }

    fn parameter_child(&mut self, parent: usize) -> usize {
        if self.nodes[parent].parameter == 0 {
            self.nodes[parent].parameter = self.child(parent, true);
        }
        self.nodes[parent].parameter
    }

    fn child(&mut self, parent: usize, is_parameter: bool) -> usize {
        self.nodes.push(Node {
            parent,
            is_parameter,
            ..Node::default()
        });
        self.nodes.len() - 1
    }

    /// The most specific route for this method and path; `parameters` gets where in the buffer the
    /// values of its parameters stand.
    pub(crate) fn find(
        &self,
        method: &Method,
        buffer: &[u8],
        path: Span,
        parameters: &mut Vec<Span>,
    ) -> Option<usize> {
        parameters.clear();
        let walk = Walk::new(self, path.of(buffer), path.start as usize, parameters)?;
        walk.until(|endpoint| endpoint.answering(method))
    }

    /// The methods of all routes that match this path, in no order and perhaps repeated.
    pub(crate) fn methods(&self, path: &[u8]) -> Vec<Method> {
        let mut methods = Vec::new();
        let mut parameters = Vec::new();
        if let Some(walk) = Walk::new(self, path, 0, &mut parameters) {
            walk.until(|endpoint| {
                methods.extend(endpoint.routes.iter().map(|(method, _)| method.clone()));
                None::<()>
            });
        }
        methods
    }
}

impl Node {
    fn position(&self, text: &[u8]) -> Result<usize, usize> {
        self.statics.binary_search_by(|child| {
            let known = child.text.as_bytes();
            known.len().cmp(&text.len()).then_with(|| known.cmp(text))
        })
    }

    /// The child whose text is this segment, which is still encoded.
    fn static_for(&self, segment: Piece<'_>) -> Option<usize> {
        if segment.encoded {
            return self
                .statics
                .iter()
                .find(|child| is_encoding_of(segment.bytes, &child.text))
                .map(|child| child.node);
        }
        let place = self.position(segment.bytes).ok()?;
        Some(self.statics[place].node)
    }
}

/// One segment of a path.
#[derive(Clone, Copy)]
struct Piece<'p> {
    bytes: &'p [u8],
    /// There is a `%` in it.
    encoded: bool,
}

/// The way of one path through the tree. Invariant: the path up to `at` matches the segments from
/// the root to `node`, and `parameters` holds the values of the parameters among them.
struct Walk<'w> {
    tree: &'w Tree,
    path: &'w [u8],
    /// Where the path stands in the buffer.
    base: usize,
    parameters: &'w mut Vec<Span>,
    node: usize,
    /// The end of the path, or the slash before the next segment.
    at: usize,
}

impl<'w> Walk<'w> {
    /// `None` for what is no path, such as the `*` of OPTIONS.
    fn new(
        tree: &'w Tree,
        path: &'w [u8],
        base: usize,
        parameters: &'w mut Vec<Span>,
    ) -> Option<Self> {
        if path.first().is_some_and(|&first| first != b'/') {
            return None;
        }
        Some(Walk {
            tree,
            path: path.strip_suffix(b"/").unwrap_or(path),
            base,
            parameters,
            node: 0,
            at: 0,
        })
    }

    /// Shows the endpoints that match, the most specific first, until one yields something.
    fn until<T>(mut self, mut look: impl FnMut(&'w Endpoint) -> Option<T>) -> Option<T> {
        loop {
            if self.at < self.path.len() {
                let segment = self.segment();
                if self.enter_static(segment) || self.enter_parameter(segment) {
                    continue;
                }
            } else if let Some(found) = look(&self.tree.nodes[self.node].ends) {
                return Some(found);
            }
            // Nothing below this node: its tail, then the choices that are left further up.
            loop {
                if let Some(found) = self.look_at_tail(&mut look) {
                    return Some(found);
                }
                if self.node == 0 {
                    return None;
                }
                if self.leave() {
                    break;
                }
            }
        }
    }

    fn current(&self) -> &'w Node {
        &self.tree.nodes[self.node]
    }

    /// The segment behind the slash at `at`.
    fn segment(&self) -> Piece<'w> {
        let rest = &self.path[self.at + 1..];
        let mut encoded = false;
        let length = rest.iter().position(|&byte| {
            encoded |= byte == b'%';
            byte == b'/'
        });
        Piece {
            bytes: &rest[..length.unwrap_or(rest.len())],
            encoded,
        }
    }

    fn enter_static(&mut self, segment: Piece<'_>) -> bool {
        let Some(child) = self.current().static_for(segment) else {
            return false;
        };
        self.node = child;
        self.at += 1 + segment.bytes.len();
        true
    }

    fn enter_parameter(&mut self, segment: Piece<'_>) -> bool {
        let child = self.current().parameter;
        if child == 0 || segment.bytes.is_empty() {
            return false;
        }
        let start = self.at + 1;
        self.at = start + segment.bytes.len();
        self.push(start, self.at);
        self.node = child;
        true
    }

    fn look_at_tail<T>(&mut self, look: impl FnOnce(&'w Endpoint) -> Option<T>) -> Option<T> {
        let tail = &self.current().tail;
        if tail.routes.is_empty() {
            return None;
        }
        let end = self.path.len();
        self.push((self.at + 1).min(end), end);
        let found = look(tail);
        if found.is_none() {
            self.parameters.pop();
        }
        found
    }

    /// Goes back to the parent, and from there into its parameter if that is still untried.
    fn leave(&mut self) -> bool {
        let left = self.current();
        let slash = self.path[..self.at].iter().rposition(|&byte| byte == b'/');
        self.node = left.parent;
        self.at = slash.unwrap_or(0);
        if left.is_parameter {
            self.parameters.pop();
            return false;
        }
        self.current().parameter != 0 && self.enter_parameter(self.segment())
    }

    fn push(&mut self, start: usize, end: usize) {
        self.parameters
            .push(Span::new(self.base + start, self.base + end));
    }
}
