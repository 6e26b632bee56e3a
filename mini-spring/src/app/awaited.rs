//! Middleware that functions of components make: called when all components are there, then checked as the others are.

use super::chains::{Around, check_values, needs_of};
use crate::inject::Call;
use crate::middleware::Layer;
use crate::mistakes::Mistakes;
use crate::routing::Router;

impl Around {
    /// The middleware that is to be made yet.
    pub(super) fn awaited(&self) -> Vec<Layer> {
        let awaited = self.layers.iter().filter(|layer| layer.is_awaited());
        awaited.cloned().collect()
    }

    /// What makes it; `first` is the number of the first middleware among the roots.
    pub(super) fn calls<'a>(&self, awaited: &'a mut [Layer], first: usize) -> Vec<Call<'a>> {
        let calls = awaited.iter_mut().filter_map(|layer| {
            let index = self.layers.iter().position(|other| other.is(layer))?;
            Some(Call {
                root: first + index,
                call: Box::new(move |supply| layer.make(supply)),
            })
        });
        calls.collect()
    }

    /// Puts what was made where it was awaited, and checks it.
    pub(super) fn settle(&mut self, made: Vec<Layer>, router: &Router, mistakes: &mut Mistakes) {
        for layer in &made {
            if !needs_of(layer, mistakes).is_empty() {
                mistakes.add(format!(
                    "{layer} needs components by itself, which what `with_components` makes can't; take them as \
                     arguments of the function"
                ));
            }
        }
        let pairs: Vec<(Layer, Layer)> = self.awaited().into_iter().zip(made).collect();
        let settle = |layer: &mut Layer| {
            let made = pairs.iter().find(|(awaited, _)| awaited.is(layer));
            if let Some((_, made)) = made {
                *layer = made.clone();
            }
            made.is_some()
        };
        for (_, layers) in &mut self.chains.missed {
            layers.iter_mut().for_each(|layer| {
                settle(layer);
            });
        }
        for (route, layers) in router.routes().iter().zip(&mut self.chains.routes) {
            let settled = layers.iter_mut().map(settle).filter(|is_new| *is_new);
            if settled.count() > 0 {
                check_values(route, layers, true, mistakes);
            }
        }
        self.layers.iter_mut().for_each(|layer| {
            settle(layer);
        });
    }
}
